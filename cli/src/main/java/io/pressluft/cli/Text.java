package io.pressluft.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text as a terminal may see it. */
final class Text {
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private Text() {}

    /** Control, direction and separator characters: they move the cursor or reorder what is read. */
    static boolean steersTerminal(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            case Character.FORMAT -> codePoint != ZERO_WIDTH_JOINER;
            default -> false;
        };
    }

    /** One line: every character that could steer the terminal is shown as an escape. */
    static String line(String text) {
        return clean(text, false);
    }

    /** Several lines: as {@link #line}, but line feeds and tabs stay. */
    static String block(String text) {
        return clean(text.replace("\r\n", "\n"), true);
    }

    private static String clean(String text, boolean keepLines) {
        if (text.codePoints().noneMatch(Text::steersTerminal)) return text;
        var clean = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (!steersTerminal(c) || (keepLines && (c == '\n' || c == '\t'))) clean.appendCodePoint(c);
            else clean.append("\\u").append("%04x".formatted(c));
        });
        return clean.toString();
    }

    static String shortened(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 3)) + "...";
    }

    static String seconds(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) return millis + " ms";
        if (millis < 120_000) return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        return "%d min %d s".formatted(millis / 60_000, millis / 1000 % 60);
    }

    /** A table with as much room per column as its content needs. */
    static List<String> table(List<String> head, List<List<String>> rows) {
        var all = new ArrayList<List<String>>();
        all.add(head);
        for (List<String> row : rows)
            all.add(row.stream()
                    .map(Text::line)
                    .map(cell -> cell.isEmpty() ? "-" : cell)
                    .toList());
        int[] widths = new int[head.size()];
        for (List<String> row : all)
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(
                        widths[i], row.get(i).codePointCount(0, row.get(i).length()));
        return all.stream().map(row -> aligned(row, widths)).toList();
    }

    private static String aligned(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            line.append(cell);
            if (i < widths.length - 1) line.repeat(' ', widths[i] - cell.codePointCount(0, cell.length()) + 2);
        }
        return line.toString();
    }
}
