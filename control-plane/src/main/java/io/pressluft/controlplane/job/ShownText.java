package io.pressluft.controlplane.job;

import io.pressluft.protocol.text.Redaction;
import java.util.Map;
import java.util.TreeMap;

/** Texts of agents and tools on their way into the database: without NUL, which it does not take, bounded, and masked. */
public final class ShownText {

    private static final int MOST_VALUES = 100;
    private static final int LONGEST_VALUE = 10_000;

    /** Of a text that goes on and on, no more than this many times the bound is looked through for secrets. */
    private static final int LOOK = 4;

    private ShownText() {}

    /** At most {@code most} characters of the text. */
    static String of(String text, int most) {
        var plain = Redaction.of(
                text.substring(0, Math.min(text.length(), LOOK * most)).replace("\0", ""));
        return plain.length() <= most ? plain : plain.substring(0, most - 1) + "…";
    }

    /** What an agent reports of its work: values, which are not masked, for they are used. */
    public static Map<String, String> values(Map<String, String> reported) {
        var values = new TreeMap<String, String>();
        reported.entrySet().stream()
                .limit(MOST_VALUES)
                .forEach(entry -> values.put(plain(entry.getKey()), plain(entry.getValue())));
        return values;
    }

    private static String plain(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST_VALUE)).replace("\0", "");
    }
}
