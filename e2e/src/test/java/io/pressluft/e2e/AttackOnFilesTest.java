package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the neighbour, the node and the agent. */
@Order(20)
class AttackOnFilesTest extends Attack {

    private static final String SETTINGS = """
            return [read('/var/www/' . OWN . '/shared/wp-config.php'), read('/var/www/' . OTHER . '/shared/wp-config.php')];
            """;

    @Test
    void a_neighbours_settings_cannot_be_read() {
        var said = web(SETTINGS);
        assertThat(said.getFirst()).contains("DB_PASSWORD");
        assertThat(said.getLast()).isEqualTo("refused: No such file or directory");
    }

    @Test
    void a_neighbours_settings_cannot_be_read_from_the_command_line_either() {
        var said = jail(SETTINGS);
        assertThat(said.getFirst()).contains("DB_PASSWORD");
        assertThat(said.getLast()).isEqualTo("refused: No such file or directory");
    }

    @Test
    void no_neighbour_is_seen_beside_the_own_directory() {
        assertThat(web("return [entries('/var/www'), entries('/var/www/' . OTHER)];"))
                .containsExactly(neighbours().attacker().environmentId(), "refused: No such file or directory");
    }

    @Test
    void a_neighbours_page_cannot_be_overwritten() {
        assertThat(web("return [write('/var/www/' . OWN . '/shared/uploads/own.txt'),"
                        + " write('/var/www/' . OTHER . '/shared/uploads/foreign.txt')];"))
                .containsExactly("written", "refused: No such file or directory");
    }

    @Test
    void a_neighbours_proof_key_cannot_be_read() {
        var said = web("return [read('/etc/pressluft/proof/' . OWN . '.key'),"
                + " read('/etc/pressluft/proof/' . OTHER . '.key')];");
        assertThat(said.getFirst()).startsWith("read: ");
        assertThat(said.getLast()).isEqualTo("refused: Permission denied");
    }

    @ParameterizedTest(name = "{0} cannot be listed")
    @ValueSource(
            strings = {
                "/etc/pressluft/environments",
                "/etc/pressluft/php",
                "/etc/pressluft/proof",
                "/etc/pressluft-agent",
                "/var/lib/pressluft-agent",
                "/opt/pressluft-agent",
                "/etc/nginx",
                "/etc/ssh",
                "/var/log",
                "/var/lib/mysql",
                "/var/lib/redis",
                "/root",
                "/home"
            })
    void private_directory(String path) {
        assertThat(web("return [entries('/var/www'), entries('%s')];".formatted(path)))
                .containsExactly(neighbours().attacker().environmentId(), "refused: Permission denied");
    }

    @ParameterizedTest(name = "{0} cannot be read")
    @ValueSource(strings = {"/etc/shadow", "/etc/gshadow", "/etc/pressluft/redis.json"})
    void secret_file(String path) {
        var said = web("return [read('/etc/hostname'), read('%s')];".formatted(path));
        assertThat(said.getFirst()).startsWith("read: ");
        assertThat(said.getLast()).isEqualTo("refused: Permission denied");
    }

    @Test
    void the_secrets_files_of_environments_are_out_of_reach_from_the_command_line_too() {
        assertThat(
                        jail(
                                "return [read('/etc/pressluft/environments/' . OWN . '.json'),"
                                        + " read('/etc/pressluft/environments/' . OTHER . '.json'), entries('/var/lib/pressluft-agent')];"))
                .containsExactly(
                        "refused: Permission denied", "refused: Permission denied", "refused: Permission denied");
    }

    @ParameterizedTest(name = "{0} cannot be written")
    @ValueSource(
            strings = {
                "/etc/cron.d/attack",
                "/etc/systemd/system/attack.service",
                "/etc/ld.so.preload",
                "/usr/local/lib/pressluft/mu-plugins/attack.php",
                "/usr/local/lib/pressluft/jail",
                "/usr/local/bin/attack",
                "/var/lib/systemd/linger/attack",
                "/var/www/attack",
                "/run/attack"
            })
    void node_file(String path) {
        assertThat(web("return [write('/tmp/attack'), write('%s')];".formatted(path)))
                .containsExactly("written", "refused: Read-only file system");
    }

    @Test
    void core_shared_with_the_neighbours_by_hard_links_cannot_be_changed() {
        assertThat(web("return [write('/var/www/' . OWN . '/current/wp-includes/version.php'),"
                        + " write('/var/www/' . OWN . '/current/index.php'),"
                        + " sh('chmod u+w /var/www/' . OWN . '/current/index.php')];"))
                .satisfiesExactly(
                        version -> assertThat(version).isEqualTo("refused: Permission denied"),
                        index -> assertThat(index).isEqualTo("refused: Permission denied"),
                        mode -> assertThat(mode).startsWith("1: ").endsWith("Operation not permitted"));
    }

    @Test
    void proof_and_login_cannot_be_replaced_in_the_own_release() {
        assertThat(web("$folder = '/var/www/' . OWN . '/current/wp-content/mu-plugins/';"
                        + " return [write($folder . 'pressluft-proof.php'), write($folder . 'a.php')];"))
                .containsExactly("refused: Read-only file system", "refused: Permission denied");
    }

    @Test
    void a_hard_link_to_a_file_of_the_node_cannot_be_made() {
        assertThat(web("$folder = '/var/www/' . OWN . '/shared/uploads/';"
                        + " return [sh(\"touch {$folder}a && ln -f {$folder}a {$folder}b\"), sh(\"ln /etc/passwd {$folder}c\"),"
                        + " sh('ln /var/www/' . OWN . \"/current/index.php {$folder}d\")];"))
                .satisfiesExactly(
                        own -> assertThat(own).startsWith("0: "),
                        node -> assertThat(node).startsWith("1: ").endsWith("Invalid cross-device link"),
                        core -> assertThat(core).startsWith("1: ").endsWith("Operation not permitted"));
    }

    @Test
    void a_device_or_a_setuid_file_cannot_be_made() {
        assertThat(web("$file = '/var/www/' . OWN . '/shared/uploads/shell';"
                        + " return [sh(\"cp /bin/true $file && chmod 755 $file\"), sh(\"chmod 4755 $file\"),"
                        + " sh(\"chmod 2755 $file\"), sh(\"mknod $file-disk b 254 0\")];"))
                .satisfiesExactly(
                        plain -> assertThat(plain).startsWith("0: "),
                        user -> assertThat(user).endsWith("Operation not permitted"),
                        group -> assertThat(group).endsWith("Operation not permitted"),
                        device -> assertThat(device).endsWith("Operation not permitted"));
    }
}
