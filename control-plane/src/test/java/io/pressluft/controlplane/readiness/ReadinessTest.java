package io.pressluft.controlplane.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Each check fails for its own reason and for no other. */
class ReadinessTest {

    private static final Instant NOW = Instant.parse("2026-11-21T01:30:00Z");
    private static final NodeFacts HEALTHY = new NodeFacts(true, true, "0.1.0", "0.1.0");
    private static final String GOOD = """
            {"privileged": true, "effective_uid": 0, "os": {"id": "debian", "version": "13"},
             "disk": {"/var/www": {"bytes_free": 5000000000, "inodes_free": 500000}},
             "memory": {"total_mb": 2048}, "clock_ms": %d,
             "components": {"php": "8.3", "nginx": "1.26"}, "services": {"mariadb": "active", "redis": "active"},
             "firewall_active": true, "gateway": {"address": "10.0.0.1:7601", "reachable": true}}
            """.formatted(NOW.toEpochMilli());

    /** What is wrong with the node, and the code that must say so. */
    static Stream<Arguments> faults() {
        return Stream.of(
                fault("sudo_unavailable", report -> report.put("privileged", false)),
                fault("os_unsupported", report -> report.withObject("os").put("version", "11")),
                fault("os_unsupported", report -> report.remove("os")),
                fault(
                        "disk_low",
                        report -> report.withObject("disk")
                                .withObjectProperty("/var/www")
                                .put("bytes_free", 1000)),
                fault(
                        "disk_low",
                        report -> report.withObject("disk")
                                .withObjectProperty("/var/www")
                                .put("inodes_free", 10)),
                fault("memory_low", report -> report.withObject("memory").put("total_mb", 512)),
                fault(
                        "clock_skewed",
                        report -> report.put("clock_ms", NOW.plusSeconds(61).toEpochMilli())),
                fault(
                        "clock_skewed",
                        report -> report.put("clock_ms", NOW.minusSeconds(61).toEpochMilli())),
                fault(
                        "runtime_missing",
                        report -> report.withObject("components").putNull("php")),
                fault("service_down", report -> report.withObject("services").put("mariadb", "failed")),
                fault("firewall_inactive", report -> report.put("firewall_active", false)),
                fault(
                        "gateway_unreachable",
                        report -> report.withObject("gateway").put("reachable", false)));
    }

    private static Arguments fault(String code, Consumer<ObjectNode> change) {
        return Arguments.of(code, change);
    }

    @Test
    void a_healthy_node_passes_every_check() {
        assertThat(Readiness.checks(seen(report -> {}), HEALTHY, NOW)).allMatch(ReadinessCheck::passed);
    }

    @Test
    void a_healthy_node_is_ready() {
        assertThat(Readiness.ready(Readiness.checks(seen(report -> {}), HEALTHY, NOW)))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_fault_fails_its_check_and_no_other(String code, Consumer<ObjectNode> change) {
        assertThat(failing(seen(change), HEALTHY)).containsExactly(code);
    }

    @ParameterizedTest
    @EnumSource(
            value = ReadinessCode.class,
            names = {"SSH_UNREACHABLE", "SSH_AUTH_FAILED", "HOST_KEY_CHANGED", "SUDO_UNAVAILABLE"})
    void a_probe_that_did_not_run_says_why(ReadinessCode why) {
        assertThat(failing(new ProbeAnswer.Unseen(why, "no answer"), HEALTHY)).containsExactly(why.text());
    }

    @Test
    void what_the_probe_could_not_see_is_unknown_and_not_ok() {
        assertThat(Readiness.checks(new ProbeAnswer.Unseen(ReadinessCode.SSH_UNREACHABLE, ""), HEALTHY, NOW))
                .filteredOn(check -> check.status().equals("unknown"))
                .extracting(ReadinessCheck::code)
                .contains("disk_low", "runtime_missing", "service_down");
    }

    @Test
    void a_node_whose_probe_did_not_run_is_not_ready() {
        assertThat(Readiness.ready(
                        Readiness.checks(new ProbeAnswer.Unseen(ReadinessCode.SSH_UNREACHABLE, ""), HEALTHY, NOW)))
                .isFalse();
    }

    @Test
    void a_node_without_any_check_is_not_ready() {
        assertThat(Readiness.ready(List.of())).isFalse();
    }

    @Test
    void each_missing_component_has_its_own_check() {
        assertThat(failing(
                        seen(report ->
                                report.withObject("components").putNull("php").putNull("nginx")),
                        HEALTHY))
                .containsExactly("runtime_missing", "runtime_missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"components", "services"})
    void a_probe_that_leaves_a_list_out_does_not_pass(String list) {
        assertThat(Readiness.ready(Readiness.checks(seen(report -> report.remove(list)), HEALTHY, NOW)))
                .isFalse();
    }

    @Test
    void an_empty_report_is_not_ready() {
        var empty = new ProbeAnswer.Seen(JsonMapper.shared().createObjectNode());
        assertThat(Readiness.ready(Readiness.checks(empty, HEALTHY, NOW))).isFalse();
    }

    @Test
    void an_agent_that_never_connected_is_not_enrolled() {
        assertThat(failing(seen(report -> {}), new NodeFacts(false, true, "0.1.0", "0.1.0")))
                .containsExactly("agent_not_enrolled");
    }

    @Test
    void an_agent_without_a_young_heartbeat_is_offline() {
        assertThat(failing(seen(report -> {}), new NodeFacts(true, false, "0.1.0", "0.1.0")))
                .containsExactly("agent_offline");
    }

    @Test
    void an_agent_of_another_release_is_outdated() {
        assertThat(failing(seen(report -> {}), new NodeFacts(true, true, "0.0.9", "0.1.0")))
                .containsExactly("agent_outdated");
    }

    @ParameterizedTest
    @EnumSource
    void every_failed_check_says_what_to_do(ReadinessCode code) {
        assertThat(ReadinessCheck.failed(code, "something").remediation()).matches("[A-Z].*\\.");
    }

    private static List<String> failing(ProbeAnswer answer, NodeFacts facts) {
        return Readiness.checks(answer, facts, NOW).stream()
                .filter(check -> check.status().equals("failed"))
                .map(ReadinessCheck::code)
                .toList();
    }

    private static ProbeAnswer seen(Consumer<ObjectNode> change) {
        var report = (ObjectNode) JsonMapper.shared().readTree(GOOD);
        change.accept(report);
        return new ProbeAnswer.Seen(report);
    }
}
