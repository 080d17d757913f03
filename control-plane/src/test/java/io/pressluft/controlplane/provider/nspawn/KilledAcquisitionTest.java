package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.provider.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A control plane that is killed while it acquires, and its successor. */
class KilledAcquisitionTest {

    private static final String NODE = "node_bbbbbbbbbbb1";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"image", "root", "boot", "ssh", "done"})
    void the_successor_finishes_what_a_killed_control_plane_began(String step) throws Exception {
        NspawnSettings settings = TestSettings.of(directory.resolve("data"), false);
        NspawnProvider successor = new NspawnProvider(settings);
        assumeAvailable(successor);
        AcquisitionSpec spec = spec(TestSettings.key(directory));
        HostSnapshot before = HostSnapshot.of(settings);
        try {
            killAt(step, settings, spec);

            Target target = successor.acquire(spec, Progress.SILENT);

            assertThat(Machine.at(target, directory).answer("echo alive")).isEqualTo("alive");
            assertThat(MachineProcess.below(settings.machines())).hasSize(1);
        } finally {
            successor.release(spec, Progress.SILENT);
        }
        TestSettings.awaitGone(settings);
        assertThat(HostSnapshot.of(settings)).isEqualTo(before);
    }

    @Test
    void a_machine_outlives_its_control_plane_and_is_swept_when_its_directory_is_gone() throws Exception {
        NspawnSettings settings = TestSettings.of(directory.resolve("data"), false);
        NspawnProvider another = new NspawnProvider(TestSettings.of(directory.resolve("other"), false));
        assumeAvailable(another);
        AcquisitionSpec spec = spec(TestSettings.key(directory));
        HostSnapshot before = HostSnapshot.of(settings);
        killAt("done", settings, spec);

        assertThat(another.sweep()).as("its next start resumes it").doesNotContain(settings.instanceId());
        assertThat(MachineProcess.below(settings.machines())).hasSize(1);

        Files.move(settings.dataDirectory(), directory.resolve("moved"));
        assertThat(another.sweep()).contains(settings.instanceId());
        TestSettings.awaitGone(settings);
        assertThat(HostSnapshot.of(settings))
                .usingRecursiveComparison()
                .ignoringFields("files")
                .isEqualTo(before);
        new HostCommands()
                .check(
                        "rm",
                        "-rf",
                        "--one-file-system",
                        directory.resolve("moved").toString());
    }

    private static void killAt(String step, NspawnSettings settings, AcquisitionSpec spec)
            throws IOException, InterruptedException {
        Process doomed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledAcquisitionTest.class.getName(),
                        settings.instanceId(),
                        settings.dataDirectory().toString(),
                        settings.cacheDirectory().toString(),
                        spec.sshKeyPath().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = doomed.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.equals(step)) {
                line = output.readLine();
            }
            assertThat(line).isEqualTo(step);
        } finally {
            doomed.destroyForcibly().waitFor();
        }
    }

    /** The control plane that gets killed. */
    public static void main(String[] args) throws Exception {
        NspawnSettings settings = new NspawnSettings(args[0], Path.of(args[1]), Path.of(args[2]), List.of(), false);
        new NspawnProvider(settings).acquire(spec(Path.of(args[3])), new Progress() {
            @Override
            public void step(String name, String detail) {
                System.out.println(name);
            }

            @Override
            public void log(String line) {}
        });
        System.out.println("done");
        Thread.currentThread().join();
    }

    private static void assumeAvailable(NspawnProvider provider) {
        try {
            provider.requireAvailable();
        } catch (ProviderException e) {
            assumeTrue(false, e.getMessage());
        }
    }

    private static AcquisitionSpec spec(Path key) throws IOException {
        return new AcquisitionSpec(NODE, "web-9", 512, 1, Files.readString(Path.of(key + ".pub")), key, Map.of());
    }
}
