package io.pressluft.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where one run keeps its instance. It names its JVM, so that the next run can tell one that died from one that works
 * beside it, and remove what it left.
 */
record RunDirectory(Path path) {

    private static final String PREFIX = "pressluft-e2e-";

    /** Its place among the fields of /proc/<pid>/stat after the name. */
    private static final int START_TICKS = 19;

    static RunDirectory create() throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        var fresh = new RunDirectory(Files.createTempDirectory(parent(), PREFIX, owner));
        Files.writeString(fresh.owner(), me());
        return fresh;
    }

    Path data() {
        return path.resolve("data");
    }

    /** Outside the directory: it is what remains to explain a failure. */
    Path log() {
        return Path.of("target", "control-plane.log").toAbsolutePath();
    }

    /** Of a second control plane over the servers of the first. */
    Path replicaData() {
        return path.resolve("replica");
    }

    Path replicaLog() {
        return Path.of("target", "replica.log").toAbsolutePath();
    }

    private Path owner() {
        return path.resolve("jvm");
    }

    /** A control plane must not survive these tests when they are interrupted. */
    void endWithThisJvm(ControlPlane controlPlane) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (controlPlane.running()) {
                try {
                    controlPlane.stop(Pressluft.STOP);
                    controlPlane.purge();
                    delete();
                } catch (IOException | AssertionError e) {
                    System.err.println("The next run cleans up after this one: " + e.getMessage());
                }
            }
        }));
    }

    /** Removes what runs left that died before they could. */
    static void sweep(Path home) throws IOException {
        try (Stream<Path> runs = Files.list(parent())) {
            for (var path : runs.filter(one -> one.getFileName().toString().startsWith(PREFIX))
                    .toList()) {
                var run = new RunDirectory(path);
                if (run.abandoned()) {
                    System.out.println("Removing what an earlier run left in " + path);
                    run.endProcesses();
                    new ControlPlane(home, run.data(), run.log()).purge();
                    run.delete();
                }
            }
        }
    }

    void delete() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private boolean abandoned() throws IOException {
        if (!Files.exists(owner())) {
            return false; // being made
        }
        var known = Files.readString(owner());
        long pid = Long.parseLong(known.substring(0, known.indexOf(' ')));
        return !named(pid).equals(known);
    }

    /** The control planes of a run that died; its servers and machines are the purge's business. */
    private void endProcesses() {
        for (var process : Processes.of("--pressluft.data=" + path)) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        Await.until(
                "the control planes of " + path + " end",
                Pressluft.STOP,
                () -> Processes.of("--pressluft.data=" + path).isEmpty());
    }

    private static Path parent() {
        return Path.of(System.getProperty("pressluft.e2e.directory", "/var/tmp"));
    }

    private static String me() {
        return named(ProcessHandle.current().pid());
    }

    /** Process numbers come again; together with the start, in ticks since the boot, they do not. */
    private static String named(long pid) {
        try {
            var status = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return pid + " " + status.substring(status.lastIndexOf(')') + 2).split(" ")[START_TICKS];
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
