package io.pressluft.controlplane.input;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What can be wrong with a body: with one of its fields, or with the whole. */
final class BodyCases {

    private final World world;

    BodyCases(World world) {
        this.world = world;
    }

    /** Every field times every value that the contract does not allow there. */
    List<Case> fields(Operation operation) {
        var all = new ArrayList<Case>();
        for (var field : operation.fields().values()) {
            Hostile.texts().forEach((name, text) -> {
                if (!field.allows(text)) {
                    all.add(value(operation, field, name, Request.quoted(text)));
                }
            });
            Hostile.json().forEach((name, json) -> {
                if (!field.allowsJson(json)) {
                    all.add(value(operation, field, name, json));
                }
            });
            if (operation.required().contains(field.name())) {
                all.add(missing(operation, field.name()));
            }
        }
        return all;
    }

    private Case value(Operation operation, Operation.Input field, String name, String json) {
        var request = world.legal(operation).json(world.body(operation, field.name(), json));
        return wellFormed(json)
                ? Case.naming(operation, field.name(), name, request)
                : Case.of(operation, field.name() + " is " + name, request);
    }

    /** What is not even JSON cannot be told from the rest of the body. */
    private static boolean wellFormed(String json) {
        return switch (json) {
            case "", "NaN", "-Infinity", "010", "0x10", "shop", "'shop'" -> false;
            default ->
                !json.startsWith("[[")
                        && !json.startsWith("{\"a\"")
                        && !json.startsWith("\"a\\x")
                        && !json.equals("\"shop")
                        && !json.startsWith("\"a\\u00\"")
                        && !json.contains("\n")
                        && !json.startsWith("9999")
                        && !json.contains("999999999");
        };
    }

    private Case missing(Operation operation, String field) {
        var without = world.body(operation, "", "").replaceFirst("\"" + field + "\": \"[^\"]*\"(, )?", "");
        return Case.naming(operation, field, "missing", world.legal(operation).json(without.replace(", }", "}")));
    }

    /** The whole body, its type and its encoding. */
    List<Case> wholes(Operation operation) {
        var legal = world.legal(operation);
        var body = world.body(operation, "", "");
        var all = new ArrayList<Case>();
        texts(operation, body).forEach(whole -> all.add(whole));
        for (var type : List.of(
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/octet-stream",
                "application/json; charset=no-such-charset",
                "application/json; charset=\"",
                "application",
                "*/*",
                "application/*",
                "${7*7}/json",
                "x".repeat(5_000))) {
            all.add(Case.of(
                    operation,
                    "type " + type.substring(0, Math.min(type.length(), 60)),
                    legal.body(type, body.getBytes(StandardCharsets.UTF_8))));
        }
        all.add(Case.of(operation, "no type", legal.without("Content-Type")));
        all.add(Case.of(operation, "two types", legal.adding("Content-Type: text/plain")));
        all.add(Case.of(operation, "no body", legal.body("application/json", new byte[0])));
        all.add(Case.of(
                operation,
                "no body and no length",
                legal.body("application/json", new byte[0]).without("Content-Length")));
        all.add(Case.of(operation, "a body of zeros", legal.body("application/json", new byte[200])));
        all.add(Case.of(
                operation,
                "broken UTF-8",
                legal.body("application/json", Wire.bytes(body.replaceFirst(": \"", ": \"\u00ff\u00fe")))));
        all.add(Case.of(
                operation,
                "Latin-1",
                legal.body("application/json", Wire.bytes(body.replaceFirst(": \"", ": \"\u00e4")))));
        all.add(Case.of(
                operation,
                "a surrogate in UTF-8",
                legal.body("application/json", Wire.bytes(body.replaceFirst(": \"", ": \"\u00ed\u00a0\u0080")))));
        all.add(Case.of(
                operation, "compressed", legal.with("Content-Encoding", "gzip").body("application/json", new byte[] {
                    0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0
                })));
        return all;
    }

    private List<Case> texts(Operation operation, String body) {
        var inside = body.substring(1, body.length() - 1);
        var field = operation.required().getFirst();
        var legal = world.legal(operation);
        return List.of(
                Case.of(operation, "null", legal.json("null")),
                Case.of(operation, "a number", legal.json("5")),
                Case.of(operation, "a text", legal.json("\"text\"")),
                Case.of(operation, "an array", legal.json("[" + body + "]")),
                Case.of(operation, "true", legal.json("true")),
                Case.of(operation, "truncated JSON", legal.json(body.substring(0, body.length() - 2))),
                Case.of(operation, "half of it", legal.json(body.substring(0, body.length() / 2))),
                Case.of(operation, "two bodies", legal.json(body + body)),
                Case.of(operation, "something after the end", legal.json(body + " x")),
                Case.of(operation, "a comment", legal.json("/* x */" + body)),
                Case.of(operation, "a comma at the end", legal.json("{" + inside + ",}")),
                Case.of(operation, "HTML", legal.json("<html></html>")),
                Case.of(operation, "a form", legal.json("slug=shop&title=x")),
                Case.of(operation, "10,000 arrays", legal.json("[".repeat(10_000))),
                Case.of(operation, "10,000 objects", legal.json("{\"a\":".repeat(10_000))),
                Case.of(operation, "too much space", legal.json(" ".repeat(70_000) + body)),
                Case.of(operation, "a megabyte", legal.json(" ".repeat(1 << 20) + body)),
                Case.of(operation, "10,000 fields", legal.json("{" + numbered() + "\"a\": 1}")),
                Case.naming(operation, field, "there twice", extra(operation, inside, field)),
                unknown(operation, inside, "colour"),
                unknown(operation, inside, "__proto__"),
                unknown(operation, inside, "id"),
                unknown(operation, inside, field.toUpperCase(java.util.Locale.ROOT)),
                Case.of(operation, "an unknown field of NUL", extra(operation, inside, "\0")),
                Case.of(operation, "an unknown field of half a character", extra(operation, inside, "\ud800")),
                Case.of(operation, "an unknown field of escapes", extra(operation, inside, "\u001b[2J\u202e")),
                Case.of(operation, "an unknown field without a name", extra(operation, inside, "")),
                Case.of(operation, "an unknown field of HTML", extra(operation, inside, "<script>x</script>")),
                Case.of(operation, "an unknown field of 40,000 letters", extra(operation, inside, "a".repeat(40_000))),
                Case.of(
                        operation,
                        "an unknown field with a deep value",
                        legal.json("{" + inside + ", \"a\": " + "[".repeat(10_000) + "]".repeat(10_000) + "}")));
    }

    private static String numbered() {
        var fields = new StringBuilder();
        for (int i = 0; fields.length() < 60_000; i++) {
            fields.append("\"f").append(i).append("\": 1,");
        }
        return fields.toString();
    }

    private Case unknown(Operation operation, String inside, String name) {
        return Case.naming(operation, name, "unknown", extra(operation, inside, name));
    }

    private Request extra(Operation operation, String inside, String name) {
        return world.legal(operation).json("{" + inside + ", " + Request.quoted(name) + ": \"x\"}");
    }
}
