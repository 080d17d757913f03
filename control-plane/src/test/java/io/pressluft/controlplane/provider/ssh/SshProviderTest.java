package io.pressluft.controlplane.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ScriptedMachine;
import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.NodeProvider;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderContract;
import io.pressluft.controlplane.ssh.HostKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** First access to a scripted server on loopback, which only these tests allow. */
class SshProviderTest extends ProviderContract {

    private static final String NODE = "node_aaaaaaaaaaa1";
    private static final String PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA pressluft";

    private final ScriptedMachine machine = new ScriptedMachine();
    private final Map<String, String> options =
            new HashMap<>(Map.of("host", "127.0.0.1", "port", Integer.toString(machine.port()), "user", "root"));
    private String pinned;

    @TempDir
    Path directory;

    private SshProvider provider;

    @BeforeEach
    void prepare() throws IOException, NoSuchAlgorithmException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var body = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
        Files.writeString(
                directory.resolve("key"), "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(directory.resolve("machine-id"), "0123\n");
        machine.answers(look(Map.of()));
        provider = provider(Duration.ofMillis(400));
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    private SshProvider provider(Duration wait) {
        var settings = new SshSettings(wait, Duration.ofMillis(50), directory.resolve("machine-id"));
        return new SshProvider(settings, address -> false);
    }

    @Override
    protected NodeProvider provider() {
        return provider;
    }

    @Override
    protected AcquisitionSpec spec() {
        return new AcquisitionSpec(NODE, "far", 2048, 2, PUBLIC_KEY, directory.resolve("key"), options, pinned, null);
    }

    @Override
    protected void cleaned() {
        pinned = machine.hostKey();
        machine.refusesKeys();
    }

    /** What the look at a machine that fits prints, with differences. */
    private static String look(Map<String, String> differences) {
        var facts = new HashMap<>(Map.of(
                "root",
                "yes",
                "os",
                "debian 12",
                "machine",
                "4567",
                "architecture",
                System.getProperty("os.arch"),
                "systemd",
                "yes",
                "python",
                "yes",
                "memory",
                "4096",
                "cpus",
                "3"));
        facts.putAll(differences);
        var text = new StringBuilder();
        facts.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }

    private String acquired() {
        return failure(() -> provider.acquire(spec(), Progress.SILENT));
    }

    @Test
    void the_machines_own_size_is_told() {
        var size = provider.acquire(spec(), Progress.SILENT).size();
        assertThat(String.valueOf(size)).isEqualTo("Size[memoryMb=4096, cpus=3]");
    }

    @Test
    void the_first_host_key_is_pinned_before_anything_is_sent() {
        var keys = new ArrayList<String>();
        machine.refusesKeys();
        failure(() -> provider.acquire(spec(), new Progress() {
            @Override
            public void step(String name, String detail) {}

            @Override
            public void log(String line) {}

            @Override
            public void hostKey(String key) {
                keys.add(key);
            }
        }));
        assertThat(keys).containsExactly(machine.hostKey());
    }

    @Test
    void a_given_fingerprint_is_found_among_the_machines_keys() {
        options.put("hostKey", HostKeys.fingerprint(machine.hostKey()));
        assertThat(acquired()).isEqualTo("none");
    }

    @Test
    void another_host_key_than_the_given_one_runs_nothing() {
        options.put("hostKey", "SHA256:" + "A".repeat(43));
        assertThat(acquired() + " " + machine.asked()).isEqualTo("host_key_changed 0");
    }

    @Test
    void another_host_key_than_the_pinned_one_runs_nothing() {
        try (var other = new ScriptedMachine()) {
            pinned = other.hostKey();
            assertThat(acquired() + " " + machine.asked()).isEqualTo("host_key_changed 0");
        }
    }

    @Test
    void nobody_listening_is_unreachable() {
        machine.close();
        assertThat(acquired()).isEqualTo("ssh_unreachable");
    }

    @Test
    void a_name_that_nobody_knows_is_unreachable() {
        options.put("host", "does-not-exist.invalid");
        assertThat(acquired()).isEqualTo("ssh_unreachable");
    }

    @Test
    void a_name_that_leads_to_this_host_is_refused() {
        provider = new SshProvider(
                new SshSettings(Duration.ofSeconds(1), Duration.ofMillis(50), directory.resolve("machine-id")),
                ServerAddress::refused);
        assertThat(acquired()).isEqualTo("address_refused");
    }

    @Test
    void a_key_that_nobody_authorises_is_not_waited_for_for_ever() {
        machine.refusesKeys();
        assertThat(acquired()).isEqualTo("ssh_auth_failed");
    }

    @Test
    void a_key_that_is_authorised_meanwhile_lets_the_work_go_on() {
        machine.refusesKeys();
        provider = provider(Duration.ofSeconds(30));
        assertThat(failure(() -> provider.acquire(spec(), new Progress() {
                    @Override
                    public void step(String name, String detail) {
                        if (name.startsWith("wait until")) {
                            machine.acceptsKeys();
                        }
                    }

                    @Override
                    public void log(String line) {}
                })))
                .isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "root, no, sudo_unavailable",
        "machine, 0123, address_refused",
        "os, debian 11, os_unsupported",
        "systemd, no, os_unsupported",
        "architecture, s390x, os_unsupported",
        "python, no, python_missing",
        "claim, node_bbbbbbbbbbb2, machine_claimed",
        "services, nginx, machine_in_use",
        "firewall, active, machine_in_use",
    })
    void a_machine_that_does_not_fit_is_refused(String fact, String value, String code) {
        machine.answers(look(Map.of(fact, value)));
        assertThat(acquired()).isEqualTo(code);
    }

    @Test
    void a_machine_that_is_this_node_already_is_found_again() {
        machine.answers(look(Map.of("claim", NODE, "services", "nginx", "firewall", "active")));
        assertThat(acquired()).isEqualTo("none");
    }

    @Test
    void a_machine_whose_key_was_narrowed_is_found_again_and_told_of() {
        machine.answers("{\"probe\": 1, \"node_id\": \"" + NODE + "\"}");
        var told = new ArrayList<String>();
        var code = failure(() -> provider.acquire(spec(), new Progress() {
            @Override
            public void step(String name, String detail) {}

            @Override
            public void log(String line) {}

            @Override
            public void narrowed() {
                told.add("narrowed");
            }
        }));
        assertThat(code + told).isEqualTo("none[narrowed]");
    }

    @Test
    void a_key_that_is_there_for_another_node_is_left_to_it() {
        pinned = machine.hostKey();
        machine.answers(look(Map.of("claim", "node_bbbbbbbbbbb2")));
        provider.release(spec(), Progress.SILENT);
        assertThat(machine.asked()).isEqualTo(1);
    }

    @Test
    void a_machine_whose_key_was_narrowed_for_another_node_is_refused() {
        machine.answers("{\"probe\": 1, \"node_id\": \"node_bbbbbbbbbbb2\"}");
        assertThat(acquired()).isEqualTo("machine_claimed");
    }
}
