package io.pressluft.agent.run;

import io.pressluft.agent.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Processes in a session of their own, for machines that systemd did not boot (development, tests). They outlive the
 * agent as units do, but have no limits.
 */
public final class ChildProcesses implements Units {

    private static final String SHELL =
            "exit_file=$1; shift; \"$@\"; printf 'EXIT_STATUS=%s\\n' $? >\"$exit_file.new\";"
                    + " mv \"$exit_file.new\" \"$exit_file\"";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Override
    public void start(Unit unit) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("setsid", "sh", "-c", SHELL, "run"));
        line.add(unit.files().exit().toString());
        line.addAll(unit.command());
        var builder = new ProcessBuilder(line)
                .directory(unit.workingDirectory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(unit.files().output().toFile()));
        builder.environment().putAll(unit.environment());
        var process = builder.start();
        process.getOutputStream().close();
        var started = process.info().startInstant().map(Object::toString).orElse("");
        DurableFile.writeUnsynced(unit.files().pid(), process.pid() + " " + started);
    }

    @Override
    public boolean alive(String name, RunFiles files) {
        return leader(files).isPresent();
    }

    @Override
    public void stop(String name, RunFiles files) throws InterruptedException {
        var leader = leader(files);
        if (leader.isEmpty()) {
            return;
        }
        var group = "-" + leader.get().pid();
        kill("-TERM", group);
        if (!ended(leader.get())) {
            kill("-KILL", group);
            ended(leader.get());
        }
    }

    /** The process whose number was noted, unless that number belongs to another process by now. */
    private static Optional<ProcessHandle> leader(RunFiles files) {
        try {
            var noted = Files.readString(files.pid()).split(" ", 2);
            return ProcessHandle.of(Long.parseLong(noted[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info()
                            .startInstant()
                            .map(Object::toString)
                            .orElse("")
                            .equals(noted[1]));
        } catch (IOException noSuchRun) {
            return Optional.empty();
        }
    }

    private static void kill(String signal, String group) throws InterruptedException {
        try {
            Command.run(List.of("kill", signal, "--", group));
        } catch (IOException e) {
            throw new IllegalStateException("kill cannot be run", e);
        }
    }

    private static boolean ended(ProcessHandle process) throws InterruptedException {
        CompletableFuture<ProcessHandle> exit = process.onExit();
        try {
            exit.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
