package io.pressluft.controlplane.environment;

import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.node.Node;
import io.pressluft.controlplane.node.Nodes;
import io.pressluft.controlplane.settings.Instance;
import io.pressluft.protocol.proof.FrontPageClaim;
import io.pressluft.protocol.proof.FrontPageProof;
import io.pressluft.protocol.proof.Proof;
import io.pressluft.protocol.proof.ProofKey;
import io.pressluft.protocol.time.Elapsed;
import io.pressluft.protocol.time.Ticks;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Proves an environment from outside its node, over the way its visitors take. */
@Component
public class OutsideProof {

    private static final String STEP = "Prove the front page from outside";
    private static final int HTTP = 80;

    /** A cold first page takes half a second on a quiet node, several on a busy one. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long BETWEEN_LOOKS_MS = 100;

    private final Nodes nodes;
    private final Instance instance;
    private final Ticks ticks;
    private final FrontPageProof proof = new FrontPageProof(
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(5))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build(),
            LOOK);

    OutsideProof(Nodes nodes, Instance instance, Ticks ticks) {
        this.nodes = nodes;
        this.instance = instance;
        this.ticks = ticks;
    }

    /** Looks until the page proves the claim or {@value #BETWEEN_LOOKS_MS} ms apart looks have taken 20 seconds. */
    public Optional<JobFailure> against(FrontPageClaim claim, String nodeId, String proofKey)
            throws InterruptedException {
        if (proofKey.isEmpty()) {
            return Optional.of(JobFailure.of(ErrorCode.PROOF_MISSING, "The node reported no proof key.", STEP));
        }
        var key = new ProofKey(proofKey);
        var address = addressOf(nodes.get(nodeId));
        var looking = Elapsed.begin(ticks::nanos);
        var never = new CountDownLatch(1);
        while (true) {
            switch (proof.look(claim, key, address)) {
                case Proof.Proven proven -> {
                    return Optional.empty();
                }
                case Proof.Unproven unproven -> {
                    if (looking.exceeds(PATIENCE)) {
                        return Optional.of(
                                JobFailure.of(ErrorCode.ofFailure(unproven.code()), unproven.message(), STEP));
                    }
                    never.await(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private InetSocketAddress addressOf(Node node) {
        return node.source().equals("local")
                ? new InetSocketAddress("127.0.0.1", instance.previewPort())
                : new InetSocketAddress(
                        node.publicAddress() == null ? node.requireAddress() : node.publicAddress(), HTTP);
    }
}
