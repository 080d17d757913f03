package io.pressluft.controlplane.provider.nspawn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads apt's two ways to write sources. What is disabled, or only about source packages, is left out. */
final class AptSourceFile {

    private static final Pattern LINE = Pattern.compile("deb\\s+(?:\\[([^]]*)]\\s+)?(\\S+)\\s+(\\S+)\\s*(.*)");

    private AptSourceFile() {}

    /** The {@code .list} form: one source a line. */
    static List<AptSource> lines(String text) {
        List<AptSource> sources = new ArrayList<>();
        for (String raw : text.split("\n")) {
            Matcher line = LINE.matcher(raw.replaceFirst("#.*", "").strip());
            if (line.matches()) {
                Map<String, String> options = options(line.group(1) == null ? "" : line.group(1));
                sources.add(new AptSource(
                        List.of(line.group(2)),
                        List.of(line.group(3)),
                        words(line.group(4)),
                        options.getOrDefault("signed-by", ""),
                        options.getOrDefault("trusted", "").equals("yes")));
            }
        }
        return sources;
    }

    /** The {@code .sources} form: paragraphs of fields. */
    static List<AptSource> paragraphs(String text) {
        List<AptSource> sources = new ArrayList<>();
        for (String paragraph : withoutComments(text).split("\n[ \t]*\n")) {
            Map<String, String> fields = fields(paragraph);
            boolean binary = words(fields.getOrDefault("types", "")).contains("deb");
            boolean enabled = !fields.getOrDefault("enabled", "yes").strip().equals("no");
            if (binary && enabled && fields.containsKey("uris") && fields.containsKey("suites")) {
                sources.add(new AptSource(
                        words(fields.getOrDefault("uris", "")),
                        words(fields.getOrDefault("suites", "")),
                        words(fields.getOrDefault("components", "")),
                        key(fields.getOrDefault("signed-by", "")),
                        fields.getOrDefault("trusted", "").strip().equals("yes")));
            }
        }
        return sources;
    }

    private static String withoutComments(String text) {
        return text.lines().filter(line -> !line.startsWith("#")).reduce("", (all, line) -> all + line + "\n");
    }

    private static Map<String, String> fields(String paragraph) {
        Map<String, String> fields = new LinkedHashMap<>();
        String name = "";
        for (String line : paragraph.split("\n")) {
            if (line.startsWith(" ") || line.startsWith("\t")) {
                fields.merge(name, "\n" + line, String::concat);
            } else if (line.contains(":")) {
                name = line.substring(0, line.indexOf(':')).strip().toLowerCase(Locale.ROOT);
                fields.put(name, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return fields;
    }

    /** An inline key keeps its lines, a path loses its spaces. */
    private static String key(String value) {
        return value.contains("BEGIN PGP") ? value : value.strip();
    }

    private static Map<String, String> options(String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : words(text)) {
            int equals = option.indexOf('=');
            if (equals > 0) {
                options.put(option.substring(0, equals), option.substring(equals + 1));
            }
        }
        return options;
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}
