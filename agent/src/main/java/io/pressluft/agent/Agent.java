package io.pressluft.agent;

import io.pressluft.agent.disk.DurableFile;
import io.pressluft.agent.facts.NodeFacts;
import io.pressluft.agent.identity.EnrolmentToken;
import io.pressluft.agent.identity.Identity;
import io.pressluft.agent.job.FencingTokens;
import io.pressluft.agent.job.JobClock;
import io.pressluft.agent.job.Jobs;
import io.pressluft.agent.job.Journal;
import io.pressluft.agent.job.Proving;
import io.pressluft.agent.link.Conversation;
import io.pressluft.agent.link.Enroller;
import io.pressluft.agent.link.Gateway;
import io.pressluft.agent.link.Gateways;
import io.pressluft.agent.link.LinkLoop;
import io.pressluft.agent.run.Lease;
import io.pressluft.agent.run.Playbooks;
import io.pressluft.agent.run.RunSettings;
import io.pressluft.agent.run.Runs;
import io.pressluft.agent.run.Units;
import io.pressluft.agent.time.StopSignal;
import io.pressluft.agent.time.Wakeup;
import io.pressluft.protocol.proof.FrontPageProof;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The agent, put together from its parts. */
final class Agent implements AutoCloseable {

    private final StopSignal stop = new StopSignal();
    private final Journal journal;
    private final JobClock clock;
    private final Jobs jobs;
    private final LinkLoop link;

    Agent(
            AgentConfig config,
            AgentSettings settings,
            String version,
            Units units,
            JobClock clock,
            RandomGenerator random)
            throws IOException, GeneralSecurityException {
        this.clock = clock;
        var state = config.stateDirectory();
        DurableFile.directory(state);
        var lease = new Lease();
        var changed = new Wakeup();
        var playbooks = new Playbooks(config.releaseDirectory().resolve("ansible"));
        var tokens = new FencingTokens(state.resolve("tokens"));
        this.journal = new Journal(state.resolve("jobs"));
        var runs = new Runs(units, playbooks, runSettings(config, settings), lease, clock.boot(), stop);
        var proof = new FrontPageProof(HttpClient.newHttpClient(), settings.oneLook());
        var web = new InetSocketAddress(config.webHost(), config.webPort());
        var proving = new Proving(proof, web, settings.course(), clock, stop);
        this.jobs = new Jobs(journal, tokens, runs, proving, settings.course(), clock, changed, stop);

        var identity = new Identity(config.nodeId(), state.resolve("identity"), clock.wall());
        var authority = config.configDirectory().resolve("gateway-ca.pem");
        var gateways = new Gateways(
                config.gateways().stream()
                        .map(address -> new Gateway(address.host(), address.port(), authority))
                        .toList(),
                random);
        var token = new EnrolmentToken(config.configDirectory().resolve("enrolment-token"));
        var enroller = new Enroller(
                config.nodeId(),
                version,
                gateways,
                identity,
                token,
                settings.link().answer());
        var conversation = new Conversation(
                version,
                identity,
                jobs,
                journal,
                playbooks,
                new NodeFacts(Path.of("/")),
                lease,
                clock,
                changed,
                settings.link());
        this.link =
                new LinkLoop(gateways, identity, enroller, conversation, settings.link(), random, clock.wall(), stop);
    }

    /** Goes on with the jobs of the journal and keeps the link up; returns when the agent stops. */
    void run() throws IOException, InterruptedException {
        journal.prune(clock.wall().instant());
        jobs.resume();
        link.run();
        jobs.awaitStopped();
    }

    /** Makes {@link #run()} return. Runs live on and are adopted by the next agent. */
    @Override
    public void close() {
        stop.raise();
        link.hangUp();
    }

    /** The release's client of the resident Ansible runs the command itself where nobody takes it. */
    private static List<String> playCommand(AgentConfig config) {
        var client = config.releaseDirectory().resolve("ansible/resident/client.py");
        var play = List.of(config.ansiblePlaybook(), "-i", "localhost,", "-c", "local");
        if (!Files.exists(client)) {
            return play;
        }
        return Stream.concat(Stream.of("/usr/bin/python3", "-IS", client.toString()), play.stream())
                .toList();
    }

    private static RunSettings runSettings(AgentConfig config, AgentSettings settings) {
        return new RunSettings(playCommand(config), config.runsAtOnce(), config.runMemoryMb(), settings.stepGrace());
    }
}
