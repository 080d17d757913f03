package io.pressluft.controlplane.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How states, types, times and durations read. */
public final class Words {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);

    private static final Pattern ID = Pattern.compile("(?:site|node|job)_[a-z0-9]{12}");

    /** Before and after every id of a site, node or job. */
    private static final Pattern ID_EDGE = Pattern.compile(
            "(?=\\b(?:site|node|job)_[a-z0-9]{12}\\b)|(?<=\\b(?:site|node)_[a-z0-9]{12}\\b)|(?<=\\bjob_[a-z0-9]{12}\\b)");

    private Words() {}

    /** The tone in which a state is shown: good, busy, bad or calm. */
    public static String tone(String state) {
        return switch (state) {
            case "ready", "active", "succeeded", "ok", "changed", "sent", "cleared" -> "good";
            case "failed", "unreachable", "rejected", "stalled", "not-ready", "open", "given_up", "locked_out" -> "bad";
            case "queued",
                    "dispatched",
                    "running",
                    "verifying",
                    "creating",
                    "deploying",
                    "restoring",
                    "promoting",
                    "moving",
                    "deleting",
                    "acquiring",
                    "provisioning",
                    "draining",
                    "pending",
                    "sending" -> "busy";
            default -> "calm";
        };
    }

    /** Whether something is under way, so that a page has to keep looking. */
    public static boolean busy(String state) {
        return tone(state).equals("busy");
    }

    /** {@code Create site} for {@code site_create}. */
    public static String jobType(String type) {
        var words = type.split("_");
        if (type.equals("login_create")) {
            return "Create login link";
        }
        var verb = words[words.length - 1];
        var rest = type.substring(0, type.length() - verb.length()).replace('_', ' ');
        return capital((verb + " " + rest).strip());
    }

    /** {@code Create enrolment token} for {@code enrolment_token_create}: jobs and what is done at once read the same. */
    public static String action(String action) {
        return switch (action) {
            case "sign_in", "sign_out" -> plain(action);
            default -> jobType(action);
        };
    }

    /** {@code Disk low} for {@code disk_low}. */
    public static String plain(String code) {
        return capital(code.replace('_', ' ').replace('-', ' ')).replaceAll("\\burl\\b", "URL");
    }

    /** What a readiness check looks at; its code says what is wrong when it fails, which reads oddly when all is well. */
    public static String check(String code) {
        return switch (code) {
            case "acquisition_in_progress" -> "Still being built";
            case "ssh_unreachable" -> "SSH";
            case "ssh_auth_failed" -> "SSH sign-in";
            case "host_key_changed" -> "Host key";
            case "sudo_unavailable" -> "Privileges of the probe";
            case "os_unsupported" -> "Operating system";
            case "disk_low" -> "Disk";
            case "memory_low" -> "Memory";
            case "clock_skewed" -> "Clock";
            case "runtime_missing" -> "Components";
            case "service_down" -> "Services";
            case "gateway_unreachable" -> "Way to the gateway";
            case "agent_not_enrolled" -> "Agent identity";
            case "agent_offline" -> "Agent connection";
            case "agent_outdated" -> "Agent version";
            case "firewall_inactive" -> "Firewall";
            default -> plain(code);
        };
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    public static String time(Instant at) {
        return TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    /** From {@code start} to {@code end}; empty while one of them is missing. */
    public static String between(@Nullable Instant start, @Nullable Instant end) {
        return start == null || end == null ? "" : duration(ChronoUnit.MILLIS.between(start, end));
    }

    public static String duration(@Nullable Long milliseconds) {
        if (milliseconds == null) {
            return "";
        }
        var span = Duration.ofMillis(Math.max(0, milliseconds));
        if (span.toMinutes() > 0) {
            return "%d min %02d s".formatted(span.toMinutes(), span.toSecondsPart());
        }
        return span.toSeconds() >= 10
                ? "%d s".formatted(span.toSeconds())
                : "%.1f s".formatted(span.toMillis() / 1000.0);
    }

    /** The sentence cut into words and the ids between them, so that a page can link the ids. */
    public static List<String> pieces(String sentence) {
        return List.of(ID_EDGE.split(sentence));
    }

    /** Where the page of the thing with this id is; empty for things without one. */
    public static String path(@Nullable String id) {
        if (id == null) {
            return "";
        }
        if (!ID.matcher(id).matches()) {
            return "";
        }
        return switch (id.substring(0, id.indexOf('_') + 1)) {
            case "site_" -> "/sites/" + id;
            case "node_" -> "/nodes/" + id;
            case "job_" -> "/jobs/" + id;
            default -> "";
        };
    }
}
