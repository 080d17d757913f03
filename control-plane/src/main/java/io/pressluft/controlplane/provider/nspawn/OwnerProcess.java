package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process, told from others that get its number after it by when it started, in ticks since the host's boot. */
record OwnerProcess(long pid, long startTime) {

    static OwnerProcess current() {
        long pid = ProcessHandle.current().pid();
        return new OwnerProcess(pid, startTime(pid));
    }

    boolean alive() {
        return startTime >= 0 && startTime(pid) == startTime;
    }

    /** Minus one when there is no such process. The name in the second field may hold anything, even parentheses. */
    private static long startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
        } catch (IOException e) {
            return -1;
        }
    }
}
