package io.pressluft.controlplane.input;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests that are broken below HTTP's meaning: lines, headers, lengths and chunks. Each would create a site if read. */
final class WireCases {

    private static final String BODY = "{\"slug\": \"wire\", \"title\": \"Wire\"}";

    private final String token;
    private final Map<String, String> all = new LinkedHashMap<>();

    WireCases(World world) {
        this.token = "Authorization: Bearer " + world.token() + "\r\n";
    }

    Map<String, String> all() {
        lines();
        headers();
        lengths();
        chunks();
        return all;
    }

    private void lines() {
        var rest = "Host: x\r\n" + token + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + BODY.length() + "\r\n\r\n" + BODY;
        for (var line : List.of(
                "POST",
                "POST /api/sites",
                "POST /api/sites HTTP/1.1 x",
                "POST /api/sites HTTP/9.9",
                "POST /api/sites HTTP/2.0",
                "POST /api/sites http/1.1",
                "POST /api/sites FTP/1.1",
                "POST /api/sites HTTP/1.",
                "POST api/sites HTTP/1.1",
                "POST ../api/sites HTTP/1.1",
                "POST \\api\\sites HTTP/1.1",
                "POST /api/sites\0 HTTP/1.1",
                "POST /api/si\ttes HTTP/1.1",
                "POST /api/sites\u001b[31m HTTP/1.1",
                "POST /api/sites#x HTTP/1.1",
                "POST * HTTP/1.1",
                "P\u00d6ST /api/sites HTTP/1.1",
                "P\0ST /api/sites HTTP/1.1",
                "{\"slug\": \"wire\"}",
                "SSH-2.0-OpenSSH_9.2",
                "POST /" + "a".repeat(40_000) + " HTTP/1.1",
                "M".repeat(40_000) + " /api/sites HTTP/1.1")) {
            all.put("line " + line.substring(0, Math.min(40, line.length())), line + "\r\n" + rest);
        }
        all.put("a TLS greeting", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" + "x".repeat(500));
        all.put("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");
        all.put("zeros", "\0".repeat(20_000));
        all.put("empty lines and nothing else", "\r\n".repeat(1_000));
    }

    private void headers() {
        put("no host", "");
        for (var header : List.of(
                "Host: a\r\nHost: b",
                "Host: a b",
                "Host: a/b",
                "Host: a@b",
                "Host: [::1",
                "Host: \u00e4",
                "Host: x\r\nno colon",
                "Host: x\r\nA b: c",
                "Host: x\r\n: nothing",
                "Host: x\r\nA\0: c",
                "Host: x\r\nA: b\0c",
                "Host: x\r\n\u00c4: c",
                "Host: x\r\nA: b\rc",
                "Host: x\r\nA: " + "b".repeat(40_000),
                "Host: x\r\n" + "b".repeat(40_000) + ": a",
                "Host: x\r\n" + "A: b\r\n".repeat(3_000) + "A: b",
                "Host: x\r\nExpect: nonsense")) {
            put("header " + header.substring(0, Math.min(40, header.length())), header + "\r\n");
        }
    }

    private void put(String name, String headers) {
        all.put(name, head(headers) + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY);
    }

    private void lengths() {
        for (var length : List.of(
                "-1",
                "+33",
                "0x21",
                "33, 34",
                "a lot",
                "",
                "3 4",
                "99999999999999999999",
                "9223372036854775807",
                "33\r\nContent-Length: 34",
                "32",
                "10",
                "1",
                "200",
                "60000")) {
            all.put("length " + length, head("Host: x\r\n") + "Content-Length: " + length + "\r\n\r\n" + BODY);
        }
        var whole = head("Host: x\r\n") + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
        for (int kept : List.of(3, 10, 20, 40, 80, 150, whole.length() - 20, whole.length() - 1)) {
            all.put("the first " + kept + " bytes", whole.substring(0, kept));
        }
    }

    private void chunks() {
        for (var chunks : List.of(
                "zz\r\n" + BODY + "\r\n0\r\n\r\n",
                "-1\r\n" + BODY + "\r\n0\r\n\r\n",
                "FFFFFFFFFFFFFFFFF\r\n" + BODY,
                "7fffffffffffffff\r\n" + BODY,
                "10\r\n" + BODY + "\r\n0\r\n\r\n",
                "21\r\n" + BODY.substring(0, 20),
                "21 " + BODY,
                "21;" + "x".repeat(40_000) + "\r\n" + BODY + "\r\n0\r\n\r\n",
                "\r\n" + BODY,
                BODY,
                "")) {
            all.put(
                    "chunk " + chunks.substring(0, Math.min(20, chunks.length())),
                    head("Host: x\r\n") + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
        }
        var chunked = "21\r\n" + BODY + "\r\n0\r\n\r\n";
        for (var encoding : List.of(
                "gzip", "identity, chunked", "chunked, chunked", "xchunked", "chunked\r\nTransfer-Encoding: gzip")) {
            all.put(
                    "encoding " + encoding,
                    head("Host: x\r\n") + "Transfer-Encoding: " + encoding + "\r\n\r\n" + chunked);
        }
        all.put(
                "chunks and a length",
                head("Host: x\r\n") + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + chunked);
    }

    private String head(String headers) {
        return "POST /api/sites HTTP/1.1\r\n" + headers + token
                + "Content-Type: application/json\r\nConnection: close\r\n";
    }
}
