package io.pressluft.controlplane.readiness;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Turns what the probe saw and what the control plane knows into checks. A pure function of its arguments. */
public final class Readiness {

    private static final Set<String> SUPPORTED = Set.of("debian 12", "debian 13", "ubuntu 24.04");

    /** Room for one more WordPress with its uploads and for the package manager to work. */
    private static final long LEAST_DISK = 1L << 30;

    /** A WordPress has about 4,000 files; this leaves room for a few. */
    private static final long LEAST_INODES = 20_000;

    /** MariaDB, Redis, web server and agent need about 600 MiB before the first site. */
    private static final long LEAST_MEMORY_MB = 900;

    /** Certificates are backdated by an hour; far below that, logs and tokens still make sense. */
    private static final Duration LARGEST_SKEW = Duration.ofSeconds(60);

    private Readiness() {}

    /** All checks, in the order an operator would resolve them. */
    public static List<ReadinessCheck> checks(ProbeAnswer answer, NodeFacts facts, Instant now) {
        var checks = new ArrayList<ReadinessCheck>();
        switch (answer) {
            case ProbeAnswer.Unseen unseen -> {
                checks.add(ReadinessCheck.failed(unseen.why(), unseen.detail()));
                for (var code :
                        List.of(ReadinessCode.DISK_LOW, ReadinessCode.RUNTIME_MISSING, ReadinessCode.SERVICE_DOWN)) {
                    checks.add(ReadinessCheck.unknown(code));
                }
            }
            case ProbeAnswer.Seen seen -> checks.addAll(ofProbe(seen.report(), now));
        }
        checks.addAll(ofControlPlane(facts));
        return List.copyOf(checks);
    }

    public static boolean ready(List<ReadinessCheck> checks) {
        return !checks.isEmpty() && checks.stream().allMatch(ReadinessCheck::passed);
    }

    private static List<ReadinessCheck> ofProbe(JsonNode report, Instant now) {
        var checks = new ArrayList<ReadinessCheck>();
        checks.add(ReadinessCheck.of(ReadinessCode.SSH_UNREACHABLE, true, "The probe answered."));
        checks.add(ReadinessCheck.of(
                ReadinessCode.SUDO_UNAVAILABLE,
                report.path("privileged").asBoolean(false),
                "uid " + report.path("effective_uid").asInt(-1)));
        var os = report.path("os").path("id").asString("?") + " "
                + report.path("os").path("version").asString("?");
        checks.add(ReadinessCheck.of(ReadinessCode.OS_UNSUPPORTED, SUPPORTED.contains(os), os));
        checks.add(disk(report.path("disk").path("/var/www")));
        long memory = report.path("memory").path("total_mb").asLong(0);
        checks.add(ReadinessCheck.of(ReadinessCode.MEMORY_LOW, memory >= LEAST_MEMORY_MB, memory + " MiB"));
        var skew = Duration.ofMillis(
                Math.abs(now.toEpochMilli() - report.path("clock_ms").asLong(0)));
        checks.add(ReadinessCheck.of(
                ReadinessCode.CLOCK_SKEWED, skew.compareTo(LARGEST_SKEW) <= 0, skew.toSeconds() + " s off"));
        checks.addAll(each(report.path("components"), ReadinessCode.RUNTIME_MISSING, "every component is installed"));
        checks.addAll(each(report.path("services"), ReadinessCode.SERVICE_DOWN, "every service runs"));
        checks.add(ReadinessCheck.of(
                ReadinessCode.FIREWALL_INACTIVE,
                report.path("firewall_active").asBoolean(false),
                report.path("firewall_active").asBoolean(false) ? "active" : "inactive"));
        var gateway = report.path("gateway");
        checks.add(ReadinessCheck.of(
                ReadinessCode.GATEWAY_UNREACHABLE,
                gateway.path("reachable").asBoolean(false),
                gateway.path("address").asString("no address") + " "
                        + gateway.path("error").asString("reachable")));
        return checks;
    }

    private static ReadinessCheck disk(JsonNode disk) {
        long bytes = disk.path("bytes_free").asLong(0);
        long inodes = disk.path("inodes_free").asLong(0);
        return ReadinessCheck.of(
                ReadinessCode.DISK_LOW,
                bytes >= LEAST_DISK && inodes >= LEAST_INODES,
                "%d MiB and %d inodes free below /var/www".formatted(bytes >> 20, inodes));
    }

    /** One check per component or service that is not as it should be, or one that says that all are. */
    private static List<ReadinessCheck> each(JsonNode things, ReadinessCode code, String allWell) {
        var wrong = new ArrayList<ReadinessCheck>();
        for (var entry : things.properties()) {
            boolean well =
                    switch (code) {
                        case SERVICE_DOWN -> entry.getValue().asString("").equals("active");
                        default -> !entry.getValue().isNull();
                    };
            if (!well) {
                wrong.add(ReadinessCheck.failed(
                        code, entry.getKey() + ": " + entry.getValue().asString("missing")));
            }
        }
        if (things.isEmpty()) {
            return List.of(ReadinessCheck.unknown(code));
        }
        return wrong.isEmpty() ? List.of(ReadinessCheck.of(code, true, allWell)) : wrong;
    }

    private static List<ReadinessCheck> ofControlPlane(NodeFacts facts) {
        return List.of(
                ReadinessCheck.of(
                        ReadinessCode.AGENT_NOT_ENROLLED, facts.enrolled(), facts.enrolled() ? "enrolled" : "never"),
                ReadinessCheck.of(
                        ReadinessCode.AGENT_OFFLINE, facts.online(), facts.online() ? "online" : "no heartbeat"),
                ReadinessCheck.of(
                        ReadinessCode.AGENT_OUTDATED,
                        facts.agentVersion().isEmpty() || facts.agentVersion().equals(facts.expectedAgentVersion()),
                        facts.agentVersion().isEmpty() ? "unknown" : facts.agentVersion()));
    }
}
