package io.pressluft.controlplane.node;

import io.pressluft.controlplane.artifact.ArtifactCache;
import io.pressluft.controlplane.artifact.Artifacts;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.controlplane.job.RetryRule;
import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.job.WorkerJobType;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.provider.Target;
import io.pressluft.controlplane.provisioning.Playbooks;
import io.pressluft.controlplane.provisioning.SshHost;
import io.pressluft.controlplane.readiness.ReadinessCheck;
import io.pressluft.controlplane.settings.Instance;
import io.pressluft.controlplane.trust.CertificateAuthority;
import io.pressluft.controlplane.trust.EnrolmentTokens;
import io.pressluft.protocol.time.Elapsed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** {@code node_provision}: a machine is acquired, provisioned over SSH, its agent enrolled, and everything proven. */
@Component
class NodeProvision implements WorkerJobType {

    static final String TYPE = "node_provision";

    private static final Duration DEADLINE = Duration.ofMinutes(30);

    /** Installing the packages of a node over a slow line is the longest step. */
    private static final Duration STEP = Duration.ofMinutes(20);

    private static final RetryRule RETRY = new RetryRule(
            Set.of(ErrorCode.PACKAGE_ARCHIVE_UNREACHABLE, ErrorCode.ARTIFACT_UNAVAILABLE), 2, Duration.ofSeconds(20));
    private static final Duration ENROLMENT = Duration.ofSeconds(60);
    private static final long LOOK_MS = 200;

    private final NodeStore nodes;
    private final NodeAcquisition acquisition;
    private final NodeReadiness readiness;
    private final ArtifactCache artifacts;
    private final Playbooks playbooks;
    private final AgentRelease release;
    private final EnrolmentTokens tokens;
    private final CertificateAuthority authority;
    private final GatewayAddress gateway;
    private final FirstAccessSecrets passwords;
    private final Instance instance;

    NodeProvision(
            NodeStore nodes,
            NodeAcquisition acquisition,
            NodeReadiness readiness,
            ArtifactCache artifacts,
            Playbooks playbooks,
            AgentRelease release,
            EnrolmentTokens tokens,
            CertificateAuthority authority,
            GatewayAddress gateway,
            FirstAccessSecrets passwords,
            Instance instance) {
        this.nodes = nodes;
        this.acquisition = acquisition;
        this.readiness = readiness;
        this.artifacts = artifacts;
        this.playbooks = playbooks;
        this.release = release;
        this.tokens = tokens;
        this.authority = authority;
        this.gateway = gateway;
        this.passwords = passwords;
        this.instance = instance;
    }

    @Override
    public JobTraits traits() {
        return JobTraits.exclusive(TYPE, DEADLINE, STEP).retried(RETRY);
    }

    @Override
    public void begin(Job job) {
        var node = node(job.requireNodeId());
        if (node.state() == NodeState.ACQUIRING) {
            return; // written in this very transaction
        }
        if (!nodes.move(node.id(), NodeState.ACQUIRING, null, NodeState.FAILED)) {
            throw NodeException.elsewhere(node, TYPE);
        }
    }

    @Override
    public void succeed(Job job) {
        if (!nodes.move(job.requireNodeId(), NodeState.READY, null, NodeState.PROVISIONING)) {
            throw NodeException.elsewhere(node(job.requireNodeId()), TYPE);
        }
        passwords.forget(job.requireNodeId());
    }

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {
        boolean repeated = RETRY.pauseAfter(job.attempt(), failure, undone).isPresent();
        if (!repeated) {
            passwords.forget(job.requireNodeId());
        }
        nodes.move(job.requireNodeId(), NodeState.FAILED, failure.code(), NodeState.ACQUIRING, NodeState.PROVISIONING);
    }

    @Override
    public void run(Job job, WorkLog log) throws InterruptedException {
        var id = job.requireNodeId();
        var archive = log.step("Find the agent's release", release::archive);
        var files = log.step("Prepare the artifacts", artifacts::require);
        var target = acquire(node(id), log);
        adopt(node(id), target);
        provisioning(id);
        if (!nodes.narrowed(id)) {
            var variables = variables(node(id), target, files);
            variables.put("node_agent_archive", archive.toString());
            playbooks.run("node-provision", host(target), variables, log);
        }
        log.step("Wait for the agent", () -> {
            awaitAgent(id);
            return true;
        });
        if (!nodes.narrowed(id)) {
            playbooks.run(
                    "node-narrow",
                    host(target),
                    Map.of("node_ssh_public_key", acquisition.publicKey(), "node_ssh_user", target.sshUser()),
                    log);
            nodes.setNarrowed(id);
        }
        log.step("Check readiness", () -> {
            requireReady(id);
            return true;
        });
    }

    /** Work that is begun once more after a crash may find it there. */
    private void provisioning(String id) {
        if (!nodes.move(id, NodeState.PROVISIONING, null, NodeState.ACQUIRING)
                && node(id).state() != NodeState.PROVISIONING) {
            throw NodeException.elsewhere(node(id), TYPE);
        }
    }

    private Node node(String id) {
        return nodes.find(id).orElseThrow(() -> NodeException.notFound(id));
    }

    private void adopt(Node node, Target target) {
        var size = target.size();
        var options = node.options().keySet();
        if (size == null || size.memoryMb() == 0 || size.cpus() == 0) {
            nodes.acquired(node.id(), target, null, null);
            return;
        }
        nodes.acquired(
                node.id(),
                target,
                options.contains(ServerRequest.MEMORY_OF_MACHINE) ? size.memoryMb() : null,
                options.contains(ServerRequest.CPUS_OF_MACHINE) ? size.cpus() : null);
    }

    private Target acquire(Node node, WorkLog log) throws InterruptedException {
        try {
            return acquisition.acquire(node, log);
        } catch (ProviderException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException(); // handed back: the next worker goes on
            }
            throw NodeException.of(failed);
        }
    }

    private static SshHost host(Target target) {
        return new SshHost(target.address(), target.sshPort(), target.sshUser(), target.sshKeyPath(), target.hostKey());
    }

    private Map<String, Object> variables(Node node, Target target, Artifacts files) {
        var way = gateway.from(node, target.address());
        var variables = new LinkedHashMap<String, Object>();
        variables.put("node_id", node.id());
        variables.put("node_web_stack", node.webStack());
        variables.put("node_memory_mb", node.memoryMb());
        variables.put("node_gateway_address", way.gateway());
        variables.put("node_gateways", way.places());
        variables.put("node_ssh_user", target.sshUser());
        variables.put("node_gateway_ca_pem", authority.rootPem());
        variables.put("node_enrolment_token", tokens.create(node.id()).reveal());
        variables.put("node_agent_version", release.version());
        variables.put("node_wordpress_archive", files.wordPressArchive().toString());
        variables.put("node_wordpress_version", files.wordPressVersion());
        variables.put("node_wordpress_sha256", files.wordPressSha256());
        variables.put("node_wp_cli_phar", files.wpCliPhar().toString());
        variables.put("node_wp_cli_sha256", files.wpCliSha256());
        variables.put("node_preview_port", node.source().equals("local") ? instance.previewPort() : 0);
        variables.put("node_ssh_sources", way.sshSources());
        variables.put("node_control_plane", way.controlPlane());
        return variables;
    }

    private void awaitAgent(String id) throws InterruptedException {
        var waited = Elapsed.begin();
        var beat = new CountDownLatch(1);
        while (!node(id).online()) {
            if (waited.exceeds(ENROLMENT)) {
                throw NodeException.notEnrolled(id);
            }
            beat.await(LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void requireReady(String id) {
        var failing = readiness.firstLook(node(id)).stream()
                .filter(check -> !check.passed())
                .toList();
        if (!failing.isEmpty()) {
            throw NodeException.blocked(failing.stream()
                    .sorted(java.util.Comparator.comparing(ReadinessCheck::status))
                    .toList());
        }
    }
}
