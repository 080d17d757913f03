package io.pressluft.agent.job;

import io.pressluft.agent.run.EventsFile;
import io.pressluft.agent.run.Failure;
import io.pressluft.agent.run.RunFiles;
import io.pressluft.agent.run.RunSummary;
import io.pressluft.agent.time.StopSignal;
import io.pressluft.protocol.proof.FrontPageClaim;
import io.pressluft.protocol.proof.FrontPageProof;
import io.pressluft.protocol.proof.Proof;
import io.pressluft.protocol.proof.ProofKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/** Looks at the front page until it proves itself: right after a reload another virtual host may still answer. */
public final class Proving {

    static final String STEP = "Prove the front page on the node";
    private static final String KEY = "proof_public_key";

    private final FrontPageProof proof;
    private final InetSocketAddress web;
    private final CourseSettings settings;
    private final JobClock clock;
    private final StopSignal stop;

    public Proving(
            FrontPageProof proof, InetSocketAddress web, CourseSettings settings, JobClock clock, StopSignal stop) {
        this.proof = proof;
        this.web = web;
        this.settings = settings;
        this.clock = clock;
        this.stop = stop;
    }

    /** Appears as a step of its own, after those of the run; {@link Failure#NONE} when the page has proved itself. */
    Failure prove(PageToProve page, RunFiles files, RunSummary applied, Deadline deadline)
            throws IOException, InterruptedException {
        var events = new EventsFile(files.events());
        int ordinal = applied.nextOrdinal();
        events.stepStarted(ordinal, STEP, clock.wall().millis());
        long begun = clock.boot().millis();
        var failure = look(page, applied.outputs().getOrDefault(KEY, ""), deadline);
        events.stepFinished(ordinal, STEP, clock.boot().millis() - begun, failure);
        return failure;
    }

    private Failure look(PageToProve page, String key, Deadline deadline) throws InterruptedException {
        FrontPageClaim claim;
        ProofKey proofKey;
        try {
            claim = new FrontPageClaim(URI.create(page.url()), page.environmentId(), page.identity(), page.release());
            proofKey = new ProofKey(key);
        } catch (IllegalArgumentException e) {
            return new Failure(
                    "proof_key_missing", "The playbook gave no usable key to check the front page with.", STEP);
        }
        long until = Math.min(clock.boot().millis() + settings.proofPatience().toMillis(), clock.bootMillis(deadline));
        while (true) {
            switch (proof.look(claim, proofKey, web)) {
                case Proof.Proven() -> {
                    return Failure.NONE;
                }
                case Proof.Unproven(var code, var message) -> {
                    if (clock.boot().millis() >= until) {
                        return new Failure(code, message, STEP);
                    }
                }
            }
            if (stop.within(settings.proofPause())) {
                throw new InterruptedException("the agent stops");
            }
        }
    }
}
