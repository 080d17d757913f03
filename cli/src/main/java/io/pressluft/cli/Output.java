package io.pressluft.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where answers, progress and errors go: for people by default, JSON alone for scripts. */
final class Output {
    private final PrintStream out;
    private final PrintStream err;
    private final int liveColumns;
    private boolean json;
    private @Nullable Thread lastSpeaker;
    private boolean liveLine;

    /** Live columns: the width of the terminal, 0 when there is none. */
    Output(PrintStream out, PrintStream err, int liveColumns) {
        this.out = out;
        this.err = err;
        this.liveColumns = liveColumns;
    }

    void json(boolean wanted) {
        json = wanted;
    }

    boolean json() {
        return json;
    }

    boolean live() {
        return liveColumns > 0 && !json;
    }

    /** From here on nothing is printed but what the calling thread says. */
    synchronized void lastWord() {
        clearLive();
        lastSpeaker = Thread.currentThread();
    }

    private boolean silent() {
        return lastSpeaker != null && !lastSpeaker.equals(Thread.currentThread());
    }

    /** A line for people; nothing in JSON mode. */
    synchronized void say(String line) {
        if (json || silent()) return;
        clearLive();
        out.println(Text.line(line));
        out.flush();
    }

    synchronized void text(String block) {
        if (silent()) return;
        clearLive();
        String clean = Text.block(block);
        out.print(clean.isEmpty() || clean.endsWith("\n") ? clean : clean + "\n");
        out.flush();
    }

    /** The line at the bottom that is replaced by the next thing printed. */
    synchronized void live(String line) {
        if (!live() || silent()) return;
        out.print("\r\u001b[K" + Text.shortened(Text.line(line), liveColumns - 1));
        out.flush();
        liveLine = true;
    }

    private void clearLive() {
        if (!liveLine) return;
        out.print("\r\u001b[K");
        liveLine = false;
    }

    synchronized void table(List<String> head, List<List<String>> rows, String whenEmpty) {
        if (rows.isEmpty()) say(whenEmpty);
        else Text.table(head, rows).forEach(this::say);
    }

    /** Name and value pairs, one a line; absent values are left out. */
    synchronized void facts(@Nullable String... pairs) {
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            String name = pairs[i];
            String value = pairs[i + 1];
            if (name != null && value != null && !value.isEmpty()) say("  %-13s %s".formatted(name, value));
        }
    }

    synchronized void result(JsonElement element) {
        if (silent()) return;
        out.println(Json.pretty(element));
        out.flush();
    }

    synchronized void error(CliException e) {
        if (silent()) return;
        clearLive();
        if (json) {
            err.println(Json.pretty(e.toJson()));
        } else {
            err.println("Error: " + Text.line(e.sentence()));
            for (CliException.Detail detail : e.details()) err.println("  - " + Text.line(detail.text()));
            err.println("  code          " + Text.line(e.code()));
            if (!e.remediation().isBlank()) err.println("  what to do    " + Text.line(e.remediation()));
        }
        err.flush();
    }

    synchronized void problem(String line) {
        if (silent()) return;
        clearLive();
        err.println(Text.line(line));
        err.flush();
    }

    /** The end of a job that did not succeed. */
    synchronized void failedJob(JsonObject job) {
        if (json) return;
        String id = Json.text(job, "id", "");
        String state = Json.text(job, "state", "");
        JsonObject failure = Json.object(job, "failure");
        problem("Error: %s %s: %s"
                .formatted(
                        Json.text(job, "type", "job"),
                        state,
                        failure == null
                                ? "the server gives no reason"
                                : Json.text(failure, "message", "the server gives no reason")));
        problem("  job           " + id);
        if (failure != null) {
            problem("  code          " + Json.text(failure, "code", "unknown"));
            String step = Json.text(failure, "step");
            if (step != null) problem("  step          " + step);
            String remediation = Json.text(failure, "remediation");
            if (remediation != null) problem("  what to do    " + remediation);
        }
        problem("  everything    pressluft job log " + id);
        if (Json.flag(job, "retryable")) problem("  once more     pressluft job retry " + id);
    }
}
