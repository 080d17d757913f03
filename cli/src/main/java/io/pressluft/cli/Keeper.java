package io.pressluft.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Starts the control plane, stays with it, and ends it cleanly when it is told to end itself. */
final class Keeper {
    private static final Duration START = Duration.ofMinutes(4);
    private static final String STARTED_BY_KEEPER = "--print-admin-password=machine";
    private static final Pattern PASSWORD = Pattern.compile("user=(\\S+) password=(\\S+)");

    private final Output output;
    private final Path home;
    private final DataDirectory data;
    private final long started = System.nanoTime();
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean failing;
    private volatile @Nullable ControlPlane child;
    private DataDirectory.@Nullable Lock lock;

    Keeper(Output output, Path home, DataDirectory data) {
        this.output = output;
        this.home = home;
        this.data = data;
    }

    Duration running() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    void say(String line) {
        output.say("[%8s] %s".formatted(Text.seconds(running()), line));
    }

    /** A control plane of this data directory that answers, started as a child of this process. */
    Api start(List<String> options) {
        data.create();
        lock = data.lock();
        if (lock == null) throw taken();
        stopOrphan();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
        say("Starting the control plane (log: %s)".formatted(data.log()));
        var command = new java.util.ArrayList<>(List.of(STARTED_BY_KEEPER));
        command.addAll(options);
        ControlPlane plane = ControlPlane.start(home, data, command, this::showPassword);
        child = plane;
        Thread.ofVirtual().name("watch").start(() -> watch(plane));
        Api api = awaitHealth(plane);
        say("Control plane ready: " + api.base());
        return api;
    }

    /** Returns only when the process ends. */
    int stay() {
        try {
            new java.util.concurrent.CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Exit.OK;
    }

    private CliException taken() {
        Instance instance = data.instance();
        return CliException.failed(
                "already_running",
                "Another pressluft (pid %d) already keeps the instance in %s%s"
                        .formatted(data.keeper(), data.path(), instance == null ? "" : ", at " + instance.url()),
                "Use that one, or stop it with ./pressluft down. A second instance needs its own PRESSLUFT_DATA.");
    }

    /** A control plane whose keeper was killed runs on without one; another one could not share its data. */
    private void stopOrphan() {
        Instance instance = data.instance();
        ProcessHandle orphan = instance == null ? null : instance.process(data).orElse(null);
        if (orphan == null) return;
        if (!Processes.arguments(orphan.pid()).contains(STARTED_BY_KEEPER))
            throw CliException.failed(
                    "already_running",
                    "A control plane (pid %d) that was started by hand already runs on %s, at %s"
                            .formatted(orphan.pid(), data.path(), instance == null ? "" : instance.url()),
                    "Use that one, or stop it with ./pressluft down.");
        say("Stopping the control plane (pid %d) that an earlier run left behind".formatted(orphan.pid()));
        orphan.destroy();
        if (!Processes.endsWithin(orphan, Duration.ofSeconds(40)))
            throw CliException.failed(
                    "not_stopped",
                    "The control plane of an earlier run (pid %d) does not stop".formatted(orphan.pid()),
                    "See %s; end the process by hand, then start again.".formatted(data.log()));
    }

    private Api awaitHealth(ControlPlane plane) {
        long giveUp = System.nanoTime() + START.toNanos();
        for (int round = 0; System.nanoTime() < giveUp; round++) {
            Instance instance = data.instance();
            if (instance != null && instance.pid() == plane.process().pid()) {
                var api = new Api(instance.url(), data.operatorToken());
                if (api.healthy()) return api;
            }
            if (round % 10 == 0) output.live("        starting (%s)".formatted(Text.seconds(running())));
            if (round % 150 == 149 && !output.live()) say("still starting");
            Pause.of(Duration.ofMillis(100));
        }
        plane.tail().forEach(line -> output.problem("  | " + line));
        throw CliException.failed(
                "control_plane_not_ready",
                "The control plane did not become ready within %s".formatted(Text.seconds(START)),
                "See " + data.log());
    }

    /** The command has failed: the process ends with its exit code although everything stops cleanly. */
    void failing() {
        failing = true;
    }

    private void showPassword(String line) {
        Matcher matcher = PASSWORD.matcher(line);
        if (!matcher.find()) return;
        output.say("");
        output.say("  Dashboard user      " + matcher.group(1));
        output.say("  Dashboard password  " + matcher.group(2) + "   (shown this once: keep it)");
        output.say("");
    }

    /** A control plane that ends by itself takes its keeper with it, and the reason is told. */
    private void watch(ControlPlane plane) {
        int code;
        try {
            code = plane.process().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!ending.compareAndSet(false, true)) return;
        boolean asked = code == 0 || code == 130 || code == 143;
        output.lastWord();
        if (asked) {
            output.say("The control plane was stopped from outside (exit code %d).".formatted(code));
        } else {
            plane.tail().forEach(line -> output.problem("  | " + line));
            String reason = plane.lastError();
            output.error(CliException.failed(
                    code == 78 ? "configuration_invalid" : "control_plane_died",
                    "The control plane ended with exit code %d%s".formatted(code, reason == null ? "" : ": " + reason),
                    "The whole log is in " + data.log()));
        }
        Runtime.getRuntime().exit(asked ? Exit.OK : Exit.FAILED);
    }

    private void end() {
        ControlPlane plane = child;
        if (plane == null || !ending.compareAndSet(false, true)) return;
        output.lastWord();
        output.say("");
        output.say("Stopping the control plane and its nodes ...");
        long since = System.nanoTime();
        if (plane.stop()) {
            output.say("Stopped cleanly in %s. Data is kept in %s."
                    .formatted(Text.seconds(Duration.ofNanos(System.nanoTime() - since)), data.path()));
            if (!failing) Runtime.getRuntime().halt(Exit.OK);
            return;
        }
        plane.kill();
        output.problem("Error: the control plane did not stop in time and was killed; see " + data.log());
        Runtime.getRuntime().halt(Exit.FAILED);
    }
}
