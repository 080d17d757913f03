package io.pressluft.controlplane.input;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A request that is sent as it stands; each character of target, headers and body is one byte. */
record Request(String method, String target, List<String> headers, String body) {

    static Request of(String method, String target) {
        return new Request(method, target, List.of("Host: 127.0.0.1"), "");
    }

    /** The same with a header line in the place of any of that name. */
    Request with(String name, String value) {
        var fresh = new ArrayList<>(without(name).headers());
        fresh.add(name + ": " + value);
        return new Request(method, target, List.copyOf(fresh), body);
    }

    /** The same with one more header line, whatever is there. */
    Request adding(String line) {
        var fresh = new ArrayList<>(headers);
        fresh.add(line);
        return new Request(method, target, List.copyOf(fresh), body);
    }

    Request without(String name) {
        var prefix = name.toLowerCase(Locale.ROOT) + ":";
        return new Request(
                method,
                target,
                headers.stream()
                        .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(prefix))
                        .toList(),
                body);
    }

    Request method(String other) {
        return new Request(other, target, headers, body);
    }

    Request query(String query) {
        return new Request(method, target + "?" + query, headers, body);
    }

    Request json(String text) {
        return body("application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    Request body(String type, byte[] bytes) {
        return new Request(method, target, headers, new String(bytes, StandardCharsets.ISO_8859_1))
                .with("Content-Type", type)
                .with("Content-Length", Integer.toString(bytes.length));
    }

    byte[] bytes() {
        var all = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach(line -> all.append(line).append("\r\n"));
        return Wire.bytes(all.append("Connection: close\r\n\r\n").append(body).toString());
    }

    /** A JSON text in ASCII; half a surrogate pair stays what it is. */
    static String quoted(String text) {
        var json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    static String encoded(String text) {
        var bytes = utf8(text);
        var encoded = new StringBuilder();
        for (byte b : bytes) {
            encoded.append(
                    Character.isLetterOrDigit(b) && b > 0
                            ? Character.toString((char) b)
                            : "%%%02x".formatted(b & 0xff));
        }
        return encoded.toString();
    }

    /** Half a surrogate pair becomes the three bytes that it must not be. */
    private static byte[] utf8(String text) {
        var bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            if (Character.getType(c) == Character.SURROGATE) {
                bytes.write(0xe0 | (c >> 12));
                bytes.write(0x80 | (c >> 6 & 0x3f));
                bytes.write(0x80 | (c & 0x3f));
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
