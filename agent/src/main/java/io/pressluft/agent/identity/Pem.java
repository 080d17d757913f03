package io.pressluft.agent.identity;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text armour around DER. */
final class Pem {

    private static final int LINE = 64;

    private Pem() {}

    static String of(String label, byte[] der) {
        var body = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, body, label);
    }

    static byte[] der(String label, String pem) {
        var begin = "-----BEGIN " + label + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no " + label + " in this PEM file");
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }
}
