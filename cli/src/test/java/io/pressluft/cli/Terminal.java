package io.pressluft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Runs a command and holds what a terminal would have been sent. */
record Terminal(int exit, String out, String err) {
    private static final Pattern TRACE = Pattern.compile("(?m)^\\s+at |Exception|the command line itself failed");

    static Terminal run(Map<String, String> environment, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var output = new Output(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                0);
        int exit = new Pressluft(output, environment).run(arguments);
        return new Terminal(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Nothing of what was printed steers a terminal or shows the inside of the program. */
    void isCalm() {
        assertThat(TRACE.matcher(out + err).find()).as("%s", this).isFalse();
        assertThat((out + err).codePoints().filter(c -> c != '\n' && Text.steersTerminal(c)))
                .as("%s", this)
                .isEmpty();
    }
}
