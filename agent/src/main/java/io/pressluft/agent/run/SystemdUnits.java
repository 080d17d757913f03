package io.pressluft.agent.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Transient systemd services. Such a unit is no child of the agent: it has its own limits and log, survives a restart
 * of the agent, and is unloaded at its end, which its {@code ExecStopPost} has written down before.
 */
public final class SystemdUnits implements Units {

    private static final Set<String> GONE = Set.of("inactive", "failed", "unknown");

    public static boolean available() {
        return Files.isDirectory(Path.of("/run/systemd/system"));
    }

    @Override
    public void start(Unit unit) throws IOException, InterruptedException {
        var result = Command.run(commandLine(unit));
        if (result.status() == 0) {
            return;
        }
        // A unit that fails at once counts as not started here; what its end says is then the truth.
        stop(unit.name(), unit.files());
        if (!Files.exists(unit.files().exit())) {
            throw new IOException("systemd-run ended with status " + result.status() + ": " + result.output());
        }
    }

    static List<String> commandLine(Unit unit) {
        var line = new ArrayList<>(List.of("systemd-run", "--quiet", "--collect", "--unit=" + unit.name()));
        line.add("--description=Pressluft run " + unit.name());
        property(line, "Type", "exec");
        // When the machine goes down a run ends after the agent, which must not take that for the run's own end, and
        // before what it uses.
        property(line, "Before", "pressluft-agent.service");
        property(line, "After", "mariadb.service redis-server.service nginx.service openlitespeed.service");
        property(line, "KillMode", "control-group");
        property(line, "OOMPolicy", "stop");
        property(line, "MemoryMax", unit.memoryMb() + "M");
        property(line, "TasksMax", "1024");
        property(line, "UMask", "0022");
        property(line, "RuntimeMaxSec", Long.toString(Math.max(1, unit.limit().toSeconds())));
        property(line, "TimeoutStopSec", "10");
        property(line, "WorkingDirectory", unit.workingDirectory().toString());
        property(line, "StandardOutput", "append:" + unit.files().output());
        property(line, "StandardError", "append:" + unit.files().output());
        property(line, "ExecStopPost", recordExit(unit.name(), unit.files().exit()));
        unit.environment().forEach((name, value) -> line.add("--setenv=" + name + "=" + value));
        line.add("--");
        line.addAll(unit.command());
        return line;
    }

    @Override
    public boolean alive(String name, RunFiles files) throws InterruptedException {
        return !GONE.contains(systemctl("show", "--property=ActiveState", "--value", name + ".service"));
    }

    @Override
    public void stop(String name, RunFiles files) throws InterruptedException {
        systemctl("stop", name + ".service");
    }

    /**
     * systemd says in the environment how the service ended, but does not always know that memory was the cause: not when
     * the main process was killed at once, and never where memory is a version 1 control group. The group, which still
     * stands, does. No dollar sign here: systemd would expand it.
     */
    private static String recordExit(String unit, Path file) {
        return ("/bin/sh -c \"/usr/bin/env | /bin/grep -E '^(SERVICE_RESULT|EXIT_CODE|EXIT_STATUS)=' >%1$s.new;"
                        + " /bin/grep -hs '^oom_kill ' /sys/fs/cgroup/system.slice/%2$s.service/memory.events"
                        + " /sys/fs/cgroup/memory/system.slice/%2$s.service/memory.oom_control >>%1$s.new;"
                        + " /bin/mv %1$s.new %1$s\"")
                .formatted(file, unit);
    }

    private static String systemctl(String... arguments) throws InterruptedException {
        var line = new ArrayList<>(List.of("systemctl"));
        line.addAll(List.of(arguments));
        try {
            return Command.run(line).output();
        } catch (IOException e) {
            throw new UncheckedIOException("systemctl cannot be run", e);
        }
    }

    private static void property(List<String> line, String name, String value) {
        line.add("--property=" + name + "=" + value);
    }
}
