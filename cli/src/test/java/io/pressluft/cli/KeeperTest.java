package io.pressluft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: the command line as a user starts it, and a stand-in for the control plane as its child. */
class KeeperTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir
    Path directory = Path.of("");

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void packControlPlane() throws IOException {
        Path jar = Files.createDirectories(directory.resolve("control-plane/target"))
                .resolve("pressluft-control-plane-0.1.0.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeInstance.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        FakeInstance.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString());
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.flush();
        }
    }

    @AfterEach
    void endWhatIsLeft() throws IOException {
        Instance instance = new DataDirectory(data()).instance();
        for (Process process : started) process.destroyForcibly();
        if (instance != null) instance.process(new DataDirectory(data())).ifPresent(ProcessHandle::destroyForcibly);
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Path said(int number) {
        return directory.resolve("said-" + number);
    }

    private String text(int number) throws IOException {
        return Files.readString(said(number));
    }

    private int start(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("-Dpressluft.home=" + directory);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Pressluft.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said(started.size()).toFile());
        builder.environment().put("PRESSLUFT_DATA", data().toString());
        builder.environment().keySet().removeAll(List.of("PRESSLUFT_URL", "PRESSLUFT_TOKEN"));
        started.add(builder.start());
        return started.size() - 1;
    }

    private int exitOf(int number) throws InterruptedException {
        Process process = started.get(number);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private void awaitText(int number, String text) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        while (!text(number).contains(text)) {
            assertThat(System.nanoTime()).as(text(number)).isLessThan(giveUp);
            assertThat(started.get(number).isAlive() || text(number).contains(text))
                    .as(text(number))
                    .isTrue();
            started.get(number).waitFor(30, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void up_makes_a_node_and_a_site_shows_the_way_in_and_stops_cleanly() throws Exception {
        int up = start("up");
        awaitText(up, "Running. Ctrl-C");
        assertThat(text(up))
                .containsOnlyOnce("s3cret")
                .contains("asking for one (source local, provider nspawn)")
                .contains("Boot")
                .contains("http://first.localhost:")
                .contains("?pressluft_login=once");
        assertThat(Files.readString(data().resolve("control-plane.log")))
                .contains("started")
                .doesNotContain("s3cret");

        int second = start("up");
        assertThat(exitOf(second)).isEqualTo(Exit.FAILED);
        assertThat(text(second)).contains("already_running");

        started.get(up).destroy();
        assertThat(exitOf(up)).isZero();
        assertThat(text(up)).contains("Stopped cleanly");
        assertThat(data().resolve("instance.json")).doesNotExist();

        int again = start("up");
        awaitText(again, "Running. Ctrl-C");
        assertThat(text(again)).doesNotContain("asking for").doesNotContain("s3cret");

        int down = start("down", "--purge");
        assertThat(exitOf(down)).as(text(down)).isZero();
        assertThat(exitOf(again)).isZero();
        assertThat(text(again)).contains("stopped from outside");
        assertThat(data()).doesNotExist();
    }

    @Test
    void up_tells_why_the_control_plane_does_not_start() throws Exception {
        Files.writeString(directory.resolve("behaviour"), "refuse");
        int up = start("up");
        assertThat(exitOf(up)).isEqualTo(Exit.FAILED);
        assertThat(text(up))
                .contains("looking at the ports")
                .contains("exit code 78: port_taken: Port 7680 belongs to this instance")
                .contains("configuration_invalid");
    }

    @Test
    void a_control_plane_that_dies_takes_up_with_it() throws Exception {
        int dev = start("dev");
        awaitText(dev, "Running. Ctrl-C");
        var url = java.util.Objects.requireNonNull(new DataDirectory(data()).instance())
                .url();
        var death = HttpRequest.newBuilder(URI.create(url + FakeInstance.DEATH)).POST(BodyPublishers.noBody());
        try (var client = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> client.send(death.build(), BodyHandlers.discarding()))
                    .isInstanceOf(IOException.class);
        }
        assertThat(exitOf(dev)).isEqualTo(Exit.FAILED);
        assertThat(text(dev)).contains("control_plane_died").contains("The database went away.");
    }

    @Test
    void a_failed_first_node_ends_up_with_its_reason() throws Exception {
        Files.writeString(directory.resolve("behaviour"), "fail");
        int up = start("up");
        assertThat(exitOf(up)).isEqualTo(Exit.FAILED);
        assertThat(text(up))
                .contains("acquisition_failed")
                .contains("No bridge")
                .contains("Stopped cleanly");
        assertThat(data().resolve("instance.json")).doesNotExist();
    }

    @Test
    void what_a_killed_keeper_left_is_stopped_first() throws Exception {
        int dev = start("dev");
        awaitText(dev, "Running. Ctrl-C");
        Instance before = java.util.Objects.requireNonNull(new DataDirectory(data()).instance());
        started.get(dev).destroyForcibly().waitFor();
        assertThat(before.process(new DataDirectory(data()))).isPresent();
        int again = start("dev");
        awaitText(again, "Running. Ctrl-C");
        assertThat(text(again)).contains("left behind");
        assertThat(ProcessHandle.of(before.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
        started.get(again).destroy();
        assertThat(exitOf(again)).isZero();
    }

    @Test
    void a_purge_that_leaves_a_process_behind_does_not_claim_otherwise() throws Exception {
        Files.createDirectories(data());
        Process survivor = new ProcessBuilder("sh", "-c", "sleep 30 #" + data() + "/machines/one").start();
        started.add(survivor);
        Files.createFile(said(0));
        int down = start("down", "--purge");
        assertThat(exitOf(down)).isEqualTo(Exit.FAILED);
        assertThat(text(down)).contains("purge_incomplete").contains("pid " + survivor.pid());
        survivor.destroy();
    }

    @Test
    void down_signals_nobody_but_the_control_plane_of_its_data() throws Exception {
        Files.createDirectories(data());
        Process bystander = new ProcessBuilder("sleep", "30").start();
        started.add(bystander);
        Files.createFile(said(0));
        Files.writeString(
                data().resolve("instance.json"),
                "{\"url\":\"http://127.0.0.1:1\",\"pid\":%d,\"startedAt\":\"2999-01-01T00:00:00Z\"}"
                        .formatted(bystander.pid()));
        int down = start("down");
        assertThat(exitOf(down)).isZero();
        assertThat(text(down)).contains("Nothing was running");
        assertThat(bystander.isAlive()).isTrue();
    }
}
