package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A run that the resident Ansible forks belongs to its unit as if the unit had started it. */
@Order(6)
@ExtendWith(OneNode.class)
class ResidentAnsibleTest {

    private static final String UNIT = "e2e-resident";
    private static final String DIRECTORY = "/var/tmp/pressluft-e2e-resident";
    /** Not able to run a playbook: what works then was done by the resident. */
    private static final String NOTHING_ELSE = "/bin/false";

    @AfterEach
    void clean(Pressluft pressluft) {
        pressluft.node().script("""
                systemctl stop %s.service 2>/dev/null || true
                systemctl reset-failed %s.service 2>/dev/null || true
                rm -rf %s
                systemctl start pressluft-ansible.socket
                """.formatted(UNIT, UNIT, DIRECTORY)).require();
    }

    @Test
    void a_run_is_in_the_control_groups_of_its_unit(Pressluft pressluft) {
        var node = pressluft.node();
        task(node, """
                ansible.builtin.copy:
                        dest: %s/groups
                        mode: "0600"
                        content: "{{ lookup('ansible.builtin.file', '/proc/self/cgroup') }}"
                """.formatted(DIRECTORY));
        run(node, NOTHING_ELSE, "--wait").require();
        var groups = node.run("cat", DIRECTORY + "/groups").require().lines();
        assertThat(groups).anyMatch(line -> line.contains(UNIT + ".service"));
        assertThat(groups).noneMatch(line -> line.contains("pressluft-ansible.service"));
    }

    @Test
    void the_limits_of_its_unit_hold_for_a_run(Pressluft pressluft) {
        var node = pressluft.node();
        task(node, "ansible.builtin.command: /usr/bin/python3 -c 'x = bytearray(400000000)'");
        assertThat(run(node, NOTHING_ELSE, "--wait", "--property=MemoryMax=200M", "--property=MemorySwapMax=0")
                        .exit())
                .isNotZero();
        task(node, "ansible.builtin.command: /usr/bin/python3 -c 'x = bytearray(400000000)'");
        run(node, NOTHING_ELSE, "--wait", "--property=MemoryMax=800M").require();
    }

    @Test
    void the_stop_of_its_unit_ends_a_run(Pressluft pressluft) {
        var node = pressluft.node();
        task(node, "ansible.builtin.command: /usr/bin/sleep 86399");
        run(node, NOTHING_ELSE).require();
        node.script("timeout 20 bash -c 'until pgrep -f \"^/usr/bin/sleep 86399\" >/dev/null; do :; done'")
                .require();
        node.run("systemctl", "stop", UNIT + ".service").require();
        assertThat(node.script("pgrep -f '^/usr/bin/sleep 86399'").exit()).isEqualTo(1);
    }

    @Test
    void a_run_goes_on_when_the_resident_is_killed(Pressluft pressluft) {
        var node = pressluft.node();
        task(node, "ansible.builtin.wait_for: {path: %s/go, timeout: 30}".formatted(DIRECTORY));
        run(node, NOTHING_ELSE).require();
        node.script("timeout 20 bash -c 'until [ -e %s/events ]; do :; done'".formatted(DIRECTORY))
                .require();
        node.run("systemctl", "kill", "--signal=KILL", "pressluft-ansible.service")
                .require();
        node.run("touch", DIRECTORY + "/go").require();
        node.script("timeout 30 bash -c 'while systemctl is-active -q %s; do :; done'".formatted(UNIT))
                .require();
        assertThat(node.run("cat", DIRECTORY + "/events").require().out()).contains("\"outcome\": \"succeeded\"");
    }

    @Test
    void without_a_resident_ansible_playbook_runs_it(Pressluft pressluft) {
        var node = pressluft.node();
        node.run("systemctl", "stop", "pressluft-ansible.socket", "pressluft-ansible.service")
                .require();
        task(node, "ansible.builtin.file: {path: %s/made, state: directory, mode: '0700'}".formatted(DIRECTORY));
        assertThat(run(node, NOTHING_ELSE, "--wait").exit()).isNotZero();
        run(node, "/usr/bin/ansible-playbook", "--wait").require();
        node.run("test", "-d", DIRECTORY + "/made").require();
    }

    @Test
    void a_failed_run_keeps_its_exit_code(Pressluft pressluft) {
        var node = pressluft.node();
        task(node, "ansible.builtin.fail: {msg: as asked}");
        assertThat(run(node, NOTHING_ELSE, "--wait").exit()).isEqualTo(2);
    }

    private static void task(NodeShell node, String module) {
        node.write(DIRECTORY + "/play.yml", """
                - hosts: all
                  gather_facts: false
                  tasks:
                    - name: Try it
                      %s
                """.formatted(module.strip()));
    }

    private static Commands.Result run(NodeShell node, String fallback, String... options) {
        var line = new ArrayList<>(List.of("systemd-run", "--quiet", "--collect", "--unit=" + UNIT));
        line.addAll(List.of(options));
        line.addAll(List.of(
                "--property=WorkingDirectory=/opt/pressluft-agent/current/ansible",
                "--setenv=ANSIBLE_CONFIG=/opt/pressluft-agent/current/ansible/ansible.cfg",
                "--setenv=PRESSLUFT_EVENTS=" + DIRECTORY + "/events",
                "--setenv=LC_ALL=C.UTF-8",
                "--setenv=HOME=/root",
                "--",
                "/usr/bin/python3",
                "-IS",
                "/opt/pressluft-agent/current/ansible/resident/client.py",
                fallback,
                "-i",
                "localhost,",
                "-c",
                "local",
                DIRECTORY + "/play.yml"));
        return node.run(line);
    }
}
