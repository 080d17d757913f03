package io.pressluft.agent.run;

import io.pressluft.agent.disk.DurableFile;
import io.pressluft.agent.time.BootClock;
import io.pressluft.agent.time.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Starts runs, adopts those that a former agent started, and follows both to their end. */
public final class Runs {

    /** Above the agent's own bound: it is for the case that there is no agent. */
    private static final Duration UNIT_MARGIN = Duration.ofSeconds(60);

    private static final Duration PLACE_SLICE = Duration.ofMillis(200);

    private final Units units;
    private final Playbooks playbooks;
    private final RunSettings settings;
    private final Lease lease;
    private final BootClock clock;
    private final StopSignal stop;
    private final Semaphore places;

    public Runs(Units units, Playbooks playbooks, RunSettings settings, Lease lease, BootClock clock, StopSignal stop) {
        this.units = units;
        this.playbooks = playbooks;
        this.settings = settings;
        this.lease = lease;
        this.clock = clock;
        this.stop = stop;
        this.places = new Semaphore(settings.atOnce(), true);
    }

    public Playbooks playbooks() {
        return playbooks;
    }

    /** Runs it and returns its end. */
    public RunEnd perform(RunOrder order) throws IOException, InterruptedException {
        return inPlace(order, true);
    }

    /** Follows a run that was started before this agent was. */
    public RunEnd adopt(RunOrder order) throws IOException, InterruptedException {
        return inPlace(order, false);
    }

    private RunEnd inPlace(RunOrder order, boolean fresh) throws IOException, InterruptedException {
        while (!places.tryAcquire(PLACE_SLICE.toMillis(), TimeUnit.MILLISECONDS)) {
            RunWatch.pause(stop);
        }
        var leaseFile = order.files().lease();
        try {
            // Without variables nothing was ever started: the former agent stopped between its journal and the start.
            boolean begin = fresh || !Files.exists(order.files().variables());
            if (!begin && leased(order)) {
                lease.attach(leaseFile);
            }
            if (begin) {
                prepare(order);
                try {
                    units.start(unit(order));
                } catch (IOException e) {
                    return new RunEnd.Failed(
                            new Failure("run_not_started", "The run could not be started: " + e.getMessage(), ""));
                }
            }
            return new RunWatch(order, units, clock, stop, settings.grace()).end();
        } finally {
            lease.detach(leaseFile);
            places.release();
        }
    }

    /** The processes of a run may outlive its last event by a moment; the next run of its job waits for that. */
    public void awaitGone(RunOrder order) throws IOException, InterruptedException {
        long limit = clock.millis() + settings.grace().toMillis();
        while (RunExit.read(order.files().exit()).isEmpty() && units.alive(order.unit(), order.files())) {
            if (clock.millis() > limit) {
                units.stop(order.unit(), order.files());
                return;
            }
            RunWatch.pause(stop);
        }
    }

    public RunSummary summary(RunOrder order) throws IOException {
        return RunSummary.of(order.files().events(), order.ordinalBase(), order.logBase());
    }

    /** The variables go when nothing will read them any more. */
    public void removeVariables(Path directory) throws IOException {
        Files.deleteIfExists(new RunFiles(directory).variables());
    }

    private void prepare(RunOrder order) throws IOException {
        DurableFile.directory(order.directory());
        DurableFile.write(
                order.files().variables(),
                Variables.json(order.payload(), order.phase().word()));
        if (leased(order)) {
            lease.attach(order.files().lease());
        }
    }

    /** An undo must be able to finish while the node is cut off: it is what puts the site back then. */
    private static boolean leased(RunOrder order) {
        return order.phase() != RunPhase.UNDO;
    }

    private Unit unit(RunOrder order) {
        var command = new ArrayList<>(settings.command());
        command.add(playbooks
                .find(order.type(), order.phase())
                .orElseThrow(() -> new IllegalStateException("no playbook for " + order.unit())));
        command.add("-e");
        command.add("@" + order.files().variables());
        var left = Duration.ofMillis(Math.max(0, order.deadline() - clock.millis()));
        return new Unit(
                order.unit(),
                command,
                environment(order),
                playbooks.directory(),
                order.files(),
                left.plus(settings.grace()).plus(UNIT_MARGIN),
                settings.memoryMb());
    }

    private Map<String, String> environment(RunOrder order) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("PRESSLUFT_EVENTS", order.files().events().toString());
        environment.put("PRESSLUFT_TOKEN", order.token() == 0 ? "" : Long.toString(order.token()));
        environment.put(
                "PRESSLUFT_TOKEN_FILE",
                order.token() == 0 ? "" : order.tokenFile().toString());
        environment.put(
                "PRESSLUFT_LEASE_FILE", leased(order) ? order.files().lease().toString() : "");
        environment.put("PRESSLUFT_DEADLINE", order.phase() == RunPhase.APPLY ? Long.toString(order.deadline()) : "");
        environment.put(
                "PRESSLUFT_CANCEL_FILE",
                order.phase() == RunPhase.APPLY ? order.cancelFile().toString() : "");
        environment.put(
                "ANSIBLE_CONFIG", playbooks.directory().resolve("ansible.cfg").toString());
        environment.put("HOME", "/root");
        environment.put("LC_ALL", "C.UTF-8");
        return environment;
    }
}
