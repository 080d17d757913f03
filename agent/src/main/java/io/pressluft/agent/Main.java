package io.pressluft.agent;

import io.pressluft.agent.job.JobClock;
import io.pressluft.agent.run.ChildProcesses;
import io.pressluft.agent.run.SystemdUnits;
import io.pressluft.agent.time.LinuxBoot;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code pressluft-agent run --config /etc/pressluft-agent/agent.json}. */
public final class Main {

    private static final Logger LOG = Logger.getLogger(Main.class.getName());
    private static final int CANNOT_START = 1;
    private static final int USAGE = 2;
    private static final int STOP_SECONDS = 8;

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        var line = List.of(arguments);
        if (line.equals(List.of("--version"))) {
            System.out.println("pressluft-agent " + version());
        } else if (line.size() == 3 && line.get(0).equals("run") && line.get(1).equals("--config")) {
            run(Path.of(line.get(2)));
        } else {
            System.err.println("usage: pressluft-agent run --config FILE | --version");
            System.exit(USAGE);
        }
    }

    private static void run(Path file) throws InterruptedException {
        try {
            var config = AgentConfig.read(file);
            var units = SystemdUnits.available() ? new SystemdUnits() : new ChildProcesses();
            var clock = new JobClock(new LinuxBoot(), LinuxBoot.id(), InstantSource.system());
            LOG.log(Level.INFO, "node={0} version={1} units={2}", new Object[] {
                config.nodeId(), version(), units.getClass().getSimpleName()
            });
            try (var agent = new Agent(config, AgentSettings.STANDARD, version(), units, clock, new SecureRandom())) {
                runUntilTerminated(agent);
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.log(Level.SEVERE, "The agent cannot start: " + e.getMessage(), e);
            System.exit(CANNOT_START);
        }
    }

    private static void runUntilTerminated(Agent agent) throws IOException, InterruptedException {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            agent.close();
            awaitQuietly(stopped);
        }));
        try {
            agent.run();
            LOG.info("agent stopped; its runs live on");
        } finally {
            stopped.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the agent did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String version() {
        var version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
