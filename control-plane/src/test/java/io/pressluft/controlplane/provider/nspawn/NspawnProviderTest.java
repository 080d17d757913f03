package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.provider.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The life of real machines on this host, from nothing to nothing. The tests share one and run in order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NspawnProviderTest {

    private static final String FIRST = "node_aaaaaaaaaaa1";
    private static final String SECOND = "node_aaaaaaaaaaa2";

    @TempDir
    static Path directory;

    private NspawnSettings settings;
    private NspawnProvider provider;
    private Path key;
    private HostSnapshot before;
    private Target first;

    @BeforeAll
    void prepare() throws IOException {
        settings = TestSettings.of(directory.resolve("data"), false);
        provider = new NspawnProvider(settings);
        try {
            provider.requireAvailable();
        } catch (ProviderException e) {
            System.out.println("Local machines are not tested: " + e.getMessage() + " " + e.remediation());
            assumeTrue(false, e.getMessage());
        }
        key = TestSettings.key(directory);
        before = HostSnapshot.of(settings);
    }

    @AfterAll
    void leaveNothing() throws IOException {
        if (before != null) {
            for (String node : List.of(FIRST, SECOND)) {
                provider.release(spec(node), Progress.SILENT);
            }
        }
    }

    @Test
    @Order(1)
    void a_machine_is_acquired_and_acquiring_it_again_finds_it() throws IOException {
        first = timed("acquire", () -> provider.acquire(spec(FIRST), new Printing()));
        Target again = timed("acquire again", () -> provider.acquire(spec(FIRST), Progress.SILENT));

        assertThat(again).isEqualTo(first);
        assertThat(first.publicAddress()).isNull();
        assertThat(first.hostKey()).startsWith("ssh-ed25519 ");
        assertThat(machine().answer("hostname; id -un")).isEqualTo("web-1\nroot");
        assertThat(machine().answer("systemctl is-system-running --wait")).isEqualTo("running");
        assertThat(machine().answer("ip -4 route show default")).startsWith("default via");
    }

    @Test
    @Order(2)
    void the_machine_reaches_the_archive_and_its_control_plane() {
        assertThat(machine()
                        .run("apt-get update -qq && apt-get install -y -qq --no-install-recommends jq")
                        .ok())
                .isTrue();
        String gateway = machine().answer("ip -4 route show default | cut -d' ' -f3");
        assertThat(machine()
                        .run("timeout 5 python3 -c \"import socket; s=socket.socket(); " + "print(s.connect_ex(('"
                                + gateway + "', 1)))\"")
                        .out()
                        .strip())
                .isEqualTo("111");
    }

    @Test
    @Order(3)
    void limits_hold_for_the_machine_and_for_units_inside() {
        assertThat(machine().run("python3 -c \"x=b'a'*(1400*1024*1024)\"").exit())
                .as("machine has 1 GiB")
                .isNotZero();
        assertThat(machine().run("python3 -c \"x=b'a'*(300*1024*1024)\"").exit())
                .isZero();
        assertThat(machine()
                        .run(unit("-p MemoryMax=50M -p MemorySwapMax=0", "x=b'a'*(200*1024*1024)"))
                        .exit())
                .as("MemoryMax=50M against 200 MiB")
                .isNotZero();
        String loop = "import time; s=time.monotonic(); sum(range(60000000)); print(time.monotonic()-s)";
        double free = seconds(machine().answer(unit("--pipe", loop)));
        double slowed = seconds(machine().answer(unit("--pipe -p CPUQuota=20%", loop)));
        System.out.printf("loop %.2f s, with CPUQuota=20%% %.2f s%n", free, slowed);
        assertThat(slowed).isGreaterThan(free * 2.5);
    }

    /** The kernel's own setting: whether it throttles depends on what else the host does at the moment. */
    @Test
    @Order(4)
    void the_machine_as_a_whole_gets_no_more_processor_than_it_was_given() throws IOException {
        try (var files = Files.find(
                Path.of("/sys/fs/cgroup"),
                5,
                (path, attributes) -> path.endsWith(settings.names().controlGroup() + "/" + FIRST + "/cpu.cfs_quota_us")
                        || path.endsWith(settings.names().controlGroup() + "/" + FIRST + "/cpu.max"))) {
            List<Path> found = files.toList();
            assumeTrue(!found.isEmpty(), "systemd holds the machine's group on this host");
            assertThat(found)
                    .anySatisfy(file -> assertThat(Files.readString(file)).startsWith("100000"));
        }
    }

    @Test
    @Order(4)
    void units_inside_can_be_jailed_and_filtered() {
        assertThat(machine()
                        .run(
                                "systemd-run --wait -q -p ProtectSystem=strict -p PrivateTmp=yes -p PrivateDevices=yes"
                                        + " -p TemporaryFileSystem=/var/www:ro -p SystemCallFilter=@system-service -p NoNewPrivileges=yes"
                                        + " -p ProtectProc=invisible -p ProcSubset=pid -p RestrictNamespaces=yes -p User=nobody true")
                        .exit())
                .isZero();
        assertThat(machine()
                        .run("nft add table inet t && nft add chain inet t c '{ type filter hook input priority 0;"
                                + " policy accept; }' && nft delete table inet t")
                        .exit())
                .isZero();
    }

    @Test
    @Order(5)
    void a_reboot_from_inside_comes_back_with_its_limits() {
        String bootId = "cat /proc/sys/kernel/random/boot_id; stat -c %Y /proc/1";
        String earlier = machine().answer(bootId);
        machine().run("systemctl reboot");
        assertThat(new Await().until(Duration.ofSeconds(30), () -> {
                    String now = machine().answer(bootId);
                    return !now.isEmpty() && !now.equals(earlier);
                }))
                .isTrue();
        machine().answer("systemctl is-system-running --wait");
        assertThat(machine()
                        .run(unit("-p MemoryMax=50M -p MemorySwapMax=0", "x=b'a'*(200*1024*1024)"))
                        .exit())
                .isNotZero();
    }

    @Test
    @Order(6)
    void a_suspended_machine_resumes_as_itself_and_leaves_the_host_meanwhile() throws IOException {
        machine().run("echo narrowed >> /root/.ssh/authorized_keys; echo kept > /root/kept");
        timed("suspend", () -> {
            provider.suspend(spec(FIRST));
            return first;
        });
        TestSettings.awaitGone(settings);
        assertThat(HostSnapshot.of(settings))
                .usingRecursiveComparison()
                .ignoringFields("files")
                .isEqualTo(before);

        Target resumed = timed("resume", () -> new NspawnProvider(settings).resume(spec(FIRST), Progress.SILENT));

        assertThat(resumed).isEqualTo(first);
        assertThat(machine().answer("cat /root/kept")).isEqualTo("kept");
        assertThat(machine().answer("tail -1 /root/.ssh/authorized_keys")).isEqualTo("narrowed");
    }

    @Test
    @Order(7)
    void a_second_machine_has_an_identity_of_its_own_and_reaches_the_first() throws IOException {
        Files.createDirectories(settings.machine(SECOND).path().resolve(MachineDirectory.PARTIAL + "old/half"));
        Target second = timed("acquire the second", () -> provider.acquire(spec(SECOND), Progress.SILENT));
        assertThat(settings.machine(SECOND).path().resolve(MachineDirectory.PARTIAL + "old"))
                .doesNotExist();
        assertThat(second.privateAddress()).isNotEqualTo(first.privateAddress());
        assertThat(second.hostKey()).isNotEqualTo(first.hostKey());
        Machine machine = Machine.at(second, directory);
        assertThat(machine.answer("timeout 5 bash -c 'head -c 7 </dev/tcp/" + first.privateAddress() + "/22'"))
                .isEqualTo("SSH-2.0");
        assertThat(machine.answer("cat /etc/machine-id")).isNotEqualTo(machine().answer("cat /etc/machine-id"));
    }

    @Test
    @Order(8)
    void releasing_the_last_machine_leaves_nothing() throws IOException {
        provider.release(spec(SECOND), Progress.SILENT);
        assertThat(machine().answer("echo still here")).isEqualTo("still here");
        timed("release", () -> {
            provider.release(spec(FIRST), Progress.SILENT);
            return first;
        });
        provider.release(spec(FIRST), Progress.SILENT);
        TestSettings.awaitGone(settings);
        assertThat(HostSnapshot.of(settings)).isEqualTo(before);
        assertThat(new InstanceRegistry(InstanceRegistry.RUN).all())
                .noneMatch(record -> record.instanceId().equals(settings.instanceId()));
        assertThatThrownBy(() -> provider.resume(spec(FIRST), Progress.SILENT))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.code()).isEqualTo("machine_missing"));
    }

    @Test
    @Order(9)
    void a_sweep_removes_what_a_dead_ephemeral_instance_left_and_nothing_of_others() throws IOException {
        NspawnSettings doomed = TestSettings.of(directory.resolve("doomed"), true);
        NspawnSettings sleeping = TestSettings.of(directory.resolve("sleeping"), false);
        HostSnapshot clean = HostSnapshot.of(doomed);
        new NspawnProvider(doomed).acquire(spec(FIRST), Progress.SILENT);
        NspawnProvider sleeper = new NspawnProvider(sleeping);
        Target kept = sleeper.acquire(spec(SECOND), Progress.SILENT);
        try {
            assertThat(provider.sweep())
                    .as("owners are alive")
                    .doesNotContain(doomed.instanceId(), sleeping.instanceId());
            disown(doomed);
            disown(sleeping);

            assertThat(provider.sweep()).contains(doomed.instanceId()).doesNotContain(sleeping.instanceId());

            TestSettings.awaitGone(doomed);
            assertThat(HostSnapshot.of(doomed)).isEqualTo(clean);
            assertThat(Machine.at(kept, directory).answer("echo alive")).isEqualTo("alive");
        } finally {
            sleeper.release(spec(SECOND), Progress.SILENT);
            new NspawnProvider(doomed).release(spec(FIRST), Progress.SILENT);
        }
    }

    @Test
    @Order(10)
    void two_machines_are_acquired_at_the_same_time() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = pool.submit(() -> provider.acquire(spec(FIRST), Progress.SILENT));
            var other = pool.submit(() -> provider.acquire(spec(SECOND), Progress.SILENT));
            assertThat(one.get().privateAddress()).isNotEqualTo(other.get().privateAddress());
            AcquisitionSpec released = spec(FIRST);
            var gone = pool.submit(() -> provider.release(released, Progress.SILENT));
            provider.release(spec(SECOND), Progress.SILENT);
            gone.get();
        }
        TestSettings.awaitGone(settings);
        assertThat(HostSnapshot.of(settings)).isEqualTo(before);
    }

    /** As if the owner had died: no living process has that start time. */
    private static void disown(NspawnSettings instance) {
        JsonFile<InstanceRecord> file = new JsonFile<>(
                InstanceRegistry.RUN.resolve("instances").resolve(instance.instanceId() + ".json"),
                InstanceRecord.class);
        file.write(file.read()
                .orElseThrow()
                .ownedBy(new OwnerProcess(ProcessHandle.current().pid(), 1)));
    }

    private Machine machine() {
        return Machine.at(first, directory);
    }

    private static String unit(String properties, String python) {
        return "systemd-run --wait -q %s python3 -c \"%s\"".formatted(properties, python);
    }

    private static double seconds(String text) {
        return Double.parseDouble(text);
    }

    private AcquisitionSpec spec(String nodeId) throws IOException {
        return new AcquisitionSpec(
                nodeId,
                "web-" + nodeId.charAt(nodeId.length() - 1),
                1024,
                1,
                Files.readString(Path.of(key + ".pub")),
                key,
                Map.of());
    }

    private static <T> T timed(String what, Callable<T> work) {
        long start = System.nanoTime();
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            System.out.printf("%s: %d ms%n", what, (System.nanoTime() - start) / 1_000_000);
        }
    }

    private static final class Printing implements Progress {
        private final long start = System.nanoTime();

        @Override
        public void step(String name, String detail) {
            System.out.printf("%6d ms %s %s%n", (System.nanoTime() - start) / 1_000_000, name, detail);
        }

        @Override
        public void log(String line) {
            System.out.println("    " + line);
        }
    }
}
