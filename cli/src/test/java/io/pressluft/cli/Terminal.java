package io.pressluft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Runs a command and holds what a terminal would have been sent. */
record Terminal(int exit, String out, String err) {
    private static final Pattern TRACE = Pattern.compile("(?m)^\\s+at |Exception|the command line itself failed");

    static Terminal run(Map<String, String> environment, String... arguments) {
        return new Session(environment).run(arguments);
    }

    /** A command line that is used again and again: to make one takes longer than most commands. */
    static final class Session {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final Output output = new Output(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                0);
        private final CommandLine line;

        Session(Map<String, String> environment) {
            line = new Pressluft(output, environment).line();
        }

        Terminal run(String... arguments) {
            out.reset();
            err.reset();
            output.json(false);
            int exit = line.execute(arguments);
            return new Terminal(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    /** Nothing of what was printed steers a terminal or shows the inside of the program. */
    void isCalm() {
        assertThat(TRACE.matcher(out + err).find()).as("%s", this).isFalse();
        assertThat((out + err).codePoints().filter(c -> c != '\n' && Text.steersTerminal(c)))
                .as("%s", this)
                .isEmpty();
    }
}
