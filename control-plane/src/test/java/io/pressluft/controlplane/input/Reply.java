package io.pressluft.controlplane.input;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The first answer on a connection.
 *
 * @param status 0 when the connection was closed without an answer
 * @param headers by their names in lower case
 */
record Reply(int status, Map<String, String> headers, String body, Duration took) {

    private static final JsonMapper JSON = JsonMapper.shared();

    static Reply of(byte[] answer, long nanos) {
        var text = new String(answer, StandardCharsets.ISO_8859_1);
        var took = Duration.ofNanos(nanos);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Reply(0, Map.of(), text, took);
        }
        var lines = text.substring(0, end).split("\r\n");
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            var parts = lines[i].split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts.length == 2 ? parts[1].strip() : "");
        }
        var rest = text.substring(end + 4);
        var body = headers.getOrDefault("transfer-encoding", "").equals("chunked")
                ? unchunked(rest)
                : rest.substring(0, Math.min(rest.length(), length(headers, rest)));
        var utf8 = new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return new Reply(Integer.parseInt(lines[0].split(" ")[1]), headers, utf8, took);
    }

    private static int length(Map<String, String> headers, String rest) {
        return Integer.parseInt(headers.getOrDefault("content-length", Integer.toString(rest.length())));
    }

    private static String unchunked(String chunks) {
        var body = new StringBuilder();
        int at = 0;
        while (at < chunks.length()) {
            int line = chunks.indexOf("\r\n", at);
            int size = line < 0 ? 0 : Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(chunks, line + 2, Math.min(chunks.length(), line + 2 + size));
            at = line + 2 + size + 2;
        }
        return body.toString();
    }

    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** The body as JSON; missing when it is none. */
    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JacksonException none) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public String toString() {
        return status + " " + header("content-type") + " " + body.substring(0, Math.min(body.length(), 600));
    }
}
