package io.pressluft.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that ends without having done its work: a stable code, what happened, what to do, and the exit code. */
final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** One refused field or failing check. */
    record Detail(
            @Nullable String field,
            @Nullable String code,
            @Nullable String message) {
        String text() {
            var parts = new ArrayList<String>();
            if (field != null) parts.add(field);
            if (message != null) parts.add(message);
            String text = String.join(": ", parts);
            return code == null ? text : text.isEmpty() ? code : text + " (" + code + ")";
        }
    }

    private final int exit;
    private final int status;
    private final String code;
    private final String sentence;
    private final String remediation;
    private final transient List<Detail> details;

    private CliException(int exit, int status, String code, String sentence, String remediation, List<Detail> details) {
        super(code + ": " + sentence);
        this.exit = exit;
        this.status = status;
        this.code = code;
        this.sentence = sentence;
        this.remediation = remediation;
        this.details = List.copyOf(details);
    }

    static CliException unreachable(String url, String reason) {
        return new CliException(
                Exit.UNREACHABLE,
                0,
                "control_plane_unreachable",
                "The control plane at %s does not answer: %s".formatted(url, reason),
                "Start it with ./pressluft up, or name another with --url or PRESSLUFT_URL.",
                List.of());
    }

    static CliException noInstance(String data) {
        return new CliException(
                Exit.UNREACHABLE,
                0,
                "no_instance",
                "No instance runs on %s".formatted(data),
                "Start one with ./pressluft up, or name a control plane with --url or PRESSLUFT_URL.",
                List.of());
    }

    static CliException refused(String code, String sentence, String remediation) {
        return new CliException(Exit.REFUSED, 404, code, sentence, remediation, List.of());
    }

    static CliException usage(String code, String sentence, String remediation) {
        return new CliException(Exit.USAGE, 0, code, sentence, remediation, List.of());
    }

    static CliException failed(String code, String sentence, String remediation) {
        return new CliException(Exit.FAILED, 0, code, sentence, remediation, List.of());
    }

    /** What an answer outside 2xx says; one that is not in the API's shape is named as such. */
    static CliException answered(int status, String url, String body) {
        int exit = status >= 400 && status < 500 ? Exit.REFUSED : Exit.FAILED;
        JsonObject error = Json.object(body);
        String code = error == null ? null : Json.text(error, "code");
        if (error == null || code == null) {
            return new CliException(
                    exit,
                    status,
                    "http_" + status,
                    "%s answered %d without an explanation%s".formatted(url, status, excerpt(body)),
                    "Check that this address is a Pressluft control plane and not something in front of it.",
                    List.of());
        }
        var details = new ArrayList<Detail>();
        for (JsonObject detail : Json.objects(error, "details"))
            details.add(
                    new Detail(Json.text(detail, "field"), Json.text(detail, "code"), Json.text(detail, "message")));
        String remediation = Json.text(error, "remediation", "");
        if (status == 401 && remediation.isBlank())
            remediation = "Set PRESSLUFT_TOKEN to an API token; on the server's own machine it is found by itself.";
        return new CliException(exit, status, code, Json.text(error, "message", code), remediation, details);
    }

    private static String excerpt(String body) {
        String line = body.strip();
        return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(line.length(), 160));
    }

    int exit() {
        return exit;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String sentence() {
        return sentence;
    }

    String remediation() {
        return remediation;
    }

    List<Detail> details() {
        return details;
    }

    JsonObject toJson() {
        var json = new JsonObject();
        json.addProperty("code", code);
        json.addProperty("message", sentence);
        var list = new JsonArray();
        for (Detail detail : details) {
            var item = new JsonObject();
            if (detail.field() != null) item.addProperty("field", detail.field());
            if (detail.code() != null) item.addProperty("code", detail.code());
            if (detail.message() != null) item.addProperty("message", detail.message());
            list.add(item);
        }
        json.add("details", list);
        json.addProperty("remediation", remediation);
        return json;
    }
}
