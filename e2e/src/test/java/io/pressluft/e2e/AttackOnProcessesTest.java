package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes, what they share, and ways to become somebody else. */
@Order(20)
class AttackOnProcessesTest extends Attack {

    @Test
    void no_foreign_process_is_seen() {
        assertThat(web("return [sh('ps -eo user:32= | sort -u')];"))
                .containsExactly("0: " + neighbours().attacker().environmentId());
    }

    @Test
    void no_foreign_process_is_seen_from_the_command_line_either() {
        assertThat(jail("return [sh('ps -eo user:32= | sort -u')];"))
                .containsExactly("0: " + neighbours().attacker().environmentId());
    }

    @Test
    void a_neighbours_processes_tell_nothing_even_to_those_who_know_their_number() {
        var process = victimProcess();
        assertThat(web("""
                return [read('/proc/self/cmdline'), read('/proc/%1$s/environ'), read('/proc/%1$s/cmdline'),
                    read('/proc/%1$s/mem'), entries('/proc/%1$s/root'), entries('/proc/%1$s/fd'), read('/proc/1/environ')];
                """.formatted(process))).satisfies(said -> {
            assertThat(said.getFirst()).startsWith("read: php-fpm");
            assertThat(said.subList(1, said.size())).allMatch("refused: No such file or directory"::equals);
        });
    }

    @Test
    void a_neighbours_process_cannot_be_signalled() {
        var process = victimProcess();
        assertThat(web("return [sh('kill -0 $$'), sh('kill -9 %1$s'), sh('kill -STOP %1$s'), sh('kill -9 1')];"
                        .formatted(process)))
                .satisfiesExactly(
                        own -> assertThat(own).isEqualTo("0: "),
                        kill -> assertThat(kill).contains("Operation not permitted"),
                        stop -> assertThat(stop).contains("Operation not permitted"),
                        first -> assertThat(first).contains("Operation not permitted"));
        assertThat(victimProcess()).isEqualTo(process);
    }

    @Test
    void a_neighbours_process_cannot_be_traced() {
        var attachAndSeize = "39; 101, 16, %1$s, 0, 0; 101, 0x4206, %1$s, 0, 0".formatted(victimProcess());
        assertThat(web(Syscalls.code(attachAndSeize)))
                .containsExactly("done", "Operation not permitted", "Operation not permitted");
    }

    @ParameterizedTest(name = "priority cannot be taken with `{0}`")
    @ValueSource(strings = {"ionice -c1 true", "chrt -f 10 true", "taskset -p 1 $$", "renice -n -5 $$"})
    void priority(String command) {
        assertThat(web("return [sh('true'), sh('%s')];".formatted(command)))
                .satisfiesExactly(
                        own -> assertThat(own).isEqualTo("0: "),
                        taken -> assertThat(taken)
                                .startsWith("1: ")
                                .containsAnyOf("Operation not permitted", "Permission denied"));
    }

    @ParameterizedTest(name = "nobody else is become with `{0}`")
    @ValueSource(
            strings = {
                "sudo -n id",
                "echo | su -c id",
                "mount -t tmpfs none /tmp",
                "umount -l /run",
                "chroot / id",
                "python3 -c \"import os; os.setuid(0)\"",
                "python3 -c \"import os; os.setgid(33)\"",
                "unshare --user --map-root-user id",
                "unshare --mount id",
                "unshare --pid --fork id",
                "unshare --net id",
                "nsenter --target 1 --mount id"
            })
    void privilege(String command) {
        assertThat(web("return [sh('id -u'), sh('%s')];".formatted(command)))
                .satisfiesExactly(
                        own -> assertThat(own).matches("0: [0-9]{4,}"),
                        taken -> assertThat(taken)
                                .doesNotStartWith("0: ")
                                .doesNotStartWith("127: ")
                                .containsAnyOf(
                                        "not permitted",
                                        "no new privileges",
                                        "Authentication failure",
                                        "must be superuser",
                                        "No such file or directory"));
    }

    @Test
    void there_is_no_capability_and_no_way_to_get_one() {
        assertThat(
                        web(
                                "return [sh('grep -E \"^(Cap|NoNewPrivs|Seccomp:)\" /proc/self/status | tr -s \"\\t\" \" \"')];"))
                .containsExactly("""
                        0: CapInh: 0000000000000000
                        CapPrm: 0000000000000000
                        CapEff: 0000000000000000
                        CapBnd: 0000000000000000
                        CapAmb: 0000000000000000
                        NoNewPrivs: 1
                        Seccomp: 2""");
    }

    @Test
    void shared_memory_and_semaphores_are_the_own_ones() {
        var node = neighbours().node();
        node.script("""
                ipcmk --shmem 4096 --mode 0666 > /dev/null
                echo neighbour > /dev/shm/neighbour; chmod 666 /dev/shm/neighbour
                """).require();
        try {
            assertThat(web("return [sh('ipcmk -M 1024 > /dev/null && ipcs -m | grep -c 0x'), write('/dev/shm/attack'),"
                            + " entries('/dev/shm'), sh('ipcrm --all'), sh('ipcs -s | grep -c 0x')];"))
                    .containsExactly("0: 1", "written", "attack", "0: ", "1: 0");
            assertThat(node.script("ipcs -m | grep -c 0x; ls /dev/shm")
                            .require()
                            .lines())
                    .containsExactly("1", "neighbour");
        } finally {
            node.script("ipcrm --all=shm; rm -f /dev/shm/neighbour").require();
        }
    }

    @Test
    void temporary_files_are_nobody_elses() {
        var node = neighbours().node();
        node.script("echo node > /tmp/predictable; echo node > /var/tmp/predictable; chmod 666 /tmp/predictable")
                .require();
        assertThat(web(
                        "return [read('/tmp/predictable'), read('/var/tmp/predictable'), write('/tmp/predictable', 'attack'),"
                                + " read('/tmp/predictable')];"))
                .containsExactly(
                        "refused: No such file or directory",
                        "refused: No such file or directory",
                        "written",
                        "read: attack");
        assertThat(node.script("cat /tmp/predictable; rm /tmp/predictable /var/tmp/predictable")
                        .require()
                        .lines())
                .containsExactly("node");
    }

    @Test
    void php_shares_no_compiled_code_and_no_cache_with_the_neighbour() {
        neighbours().assertVictimServes();
        assertThat(web("""
                require_once '/var/www/' . OWN . '/current/wp-includes/version.php';
                $scripts = array_keys(opcache_get_status()['scripts']);
                $foreign = array_filter($scripts, static fn ($path) => strpos($path, OTHER) !== false);
                return [count($scripts) > 0 ? 'some' : 'none', 'foreign ' . count($foreign),
                    var_export(@opcache_compile_file('/var/www/' . OTHER . '/current/wp-load.php'), true)];
                """)).containsExactly("some", "foreign 0", "false");
    }

    @Test
    void settings_of_php_in_a_directory_stay_in_it() {
        neighbours()
                .plant(
                        ".user.ini",
                        "auto_prepend_file=/var/www/%s/current/wp-content/plugins/attack/prepended.php"
                                .formatted(neighbours().attacker().environmentId()));
        neighbours().plant("prepended.php", "<?php header('X-Prepended: yes');");
        assertThat(Web.get(neighbours().victim().at("/")).headers().firstValue("X-Prepended"))
                .isEmpty();
        neighbours().plant(".user.ini", "");
    }

    private String victimProcess() {
        return neighbours()
                .node()
                .run(
                        "systemctl",
                        "show",
                        "--property=MainPID",
                        "--value",
                        "pressluft-php@" + neighbours().victim().environmentId())
                .require()
                .out()
                .strip();
    }
}
