package io.pressluft.agent;

import io.pressluft.agent.far.FakeGateway;
import io.pressluft.agent.far.SignedPage;
import io.pressluft.agent.job.CourseSettings;
import io.pressluft.agent.job.JobClock;
import io.pressluft.agent.link.LinkSettings;
import io.pressluft.agent.run.ChildProcesses;
import io.pressluft.agent.time.LinuxBoot;
import io.pressluft.protocol.v1.FrontPage;
import io.pressluft.protocol.v1.JobOffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A node's disk with an agent on it. Its playbooks are shell scripts that write the events which Ansible would. */
final class TestNode {

    static final String NODE = "node_aaaaaaaaaaaa";
    static final String SITE = "site_aaaaaaaaaaaa";
    static final String JOB = "job_aaaaaaaaaaaa";

    private static final AgentSettings QUICK = new AgentSettings(
            new LinkSettings(
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(3),
                    Duration.ofMillis(150)),
            new CourseSettings(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMillis(20)),
            Duration.ofMillis(300),
            Duration.ofSeconds(1));

    private static final String FAKE_ANSIBLE = """
            #!/bin/sh
            # usage: -i localhost, -c local <playbook> -e @<variables>
            event() { printf '%s\\n' "$1" >>"$PRESSLUFT_EVENTS"; }
            boot() { read -r seconds rest </proc/uptime; echo "${seconds%.*}${seconds#*.}0"; }
            started() { event "{\\"event\\":\\"step_started\\",\\"ordinal\\":$1,\\"name\\":\\"$2\\",\\"at\\":1000,\\"boot\\":$(boot)}"; }
            ended() { event "{\\"event\\":\\"step_finished\\",\\"ordinal\\":$1,\\"name\\":\\"$2\\",\\"outcome\\":\\"$3\\",\\"duration_ms\\":5,\\"code\\":\\"$4\\",\\"message\\":\\"$5\\"}"; }
            finished() { event "{\\"event\\":\\"run_finished\\",\\"outcome\\":\\"$1\\",\\"changed\\":1}"; }
            effect() { echo "$1" >>"$(pwd)/../../effects"; }
            wait_for() { while [ ! -e "$(pwd)/../../$1" ] && [ -d "${PRESSLUFT_EVENTS%/*}" ]; do sleep 0.02; done; }
            variables=${7#@}
            event '{"event":"run_started","at":1000}'
            . "./$5"
            """;

    private final Path root;
    private final FakeGateway gateway;
    private final int webPort;
    private InstantSource wall = InstantSource.system();
    private @Nullable Agent agent;
    private @Nullable Thread thread;

    TestNode(Path root, FakeGateway gateway, int webPort) throws IOException {
        this.root = root;
        this.gateway = gateway;
        var playbooks = Files.createDirectories(root.resolve("release/ansible/playbooks"));
        Files.createDirectories(root.resolve("config"));
        var command = root.resolve("ansible-playbook");
        Files.writeString(command, FAKE_ANSIBLE);
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(root.resolve("config/gateway-ca.pem"), gateway.authorityPem());
        Files.writeString(root.resolve("config/enrolment-token"), "a-token\n");
        this.webPort = webPort;
        gateways(gateway);
        Files.writeString(playbooks.resolve("site-create.yml"), "effect apply; finished succeeded");
        Files.writeString(playbooks.resolve("site-create-undo.yml"), "effect undo; finished succeeded");
    }

    /** The gateways that the agent knows from its next start on. */
    void gateways(FakeGateway... all) throws IOException {
        gateways(Arrays.stream(all).map(one -> "127.0.0.1:" + one.port()).collect(Collectors.joining(",")));
    }

    void gateways(String list) throws IOException {
        Files.writeString(root.resolve("config/agent.json"), """
                {"nodeId": "%s", "gateway": "%s", "stateDirectory": "%s", "releaseDirectory": "%s",
                 "ansiblePlaybook": "%s", "webAddress": "127.0.0.1:%d"}
                """.formatted(
                NODE, list, root.resolve("state"), root.resolve("release"), root.resolve("ansible-playbook"), webPort));
    }

    void playbook(String name, String script) throws IOException {
        Files.writeString(root.resolve("release/ansible/playbooks").resolve(name), script);
    }

    /** How far the clock of the node is ahead of the gateway's from the next start on. */
    void clockAhead(Duration ahead) {
        wall = Clock.offset(Clock.systemUTC(), ahead);
    }

    void start() throws IOException, GeneralSecurityException {
        var clock = new JobClock(new LinuxBoot(), LinuxBoot.id(), wall);
        var started = new Agent(
                AgentConfig.read(root.resolve("config/agent.json")),
                QUICK,
                "0.1.0",
                new ChildProcesses(),
                clock,
                new Random(1));
        agent = started;
        thread = Thread.ofVirtual().start(() -> run(started));
    }

    /** Starts and returns when the gateway has welcomed the node. */
    void startAndConnect() throws IOException, GeneralSecurityException {
        int before = gateway.peers().size();
        start();
        gateway.awaitHello(before + 1);
    }

    private static void run(Agent agent) {
        try {
            agent.run();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void stop() throws InterruptedException {
        var running = agent;
        var its = thread;
        if (running != null && its != null) {
            running.close();
            its.join();
        }
        agent = null;
        thread = null;
    }

    /** What playbooks did on the node, in order. */
    List<String> effects() throws IOException {
        var file = root.resolve("effects");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Lets a playbook go on that waits for this file. */
    void release(String name) throws IOException {
        Files.writeString(root.resolve(name), "");
    }

    Path config(String name) {
        return root.resolve("config").resolve(name);
    }

    Path state(String name) {
        return root.resolve("state").resolve(name);
    }

    static JobOffer.Builder offer(String jobId, long token) {
        return JobOffer.newBuilder()
                .setJobId(jobId)
                .setType("site_create")
                .setSiteId(SITE)
                .setFencingToken(token)
                .setPayload("{\"environment_id\":\"env_aaaaaaaa\"}")
                .setDeadlineMs(20_000);
    }

    static FrontPage page() {
        return FrontPage.newBuilder()
                .setUrl(SignedPage.URL)
                .setEnvironmentId(SignedPage.ENVIRONMENT)
                .setIdentity(SignedPage.IDENTITY)
                .setRelease(SignedPage.RELEASE)
                .build();
    }
}
