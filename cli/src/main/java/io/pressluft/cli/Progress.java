package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A job's steps, each printed once when it is over; the running one at the bottom of a terminal. */
final class Progress {
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private final Output output;
    private final Map<String, String> printed = new HashMap<>();
    private String state = "";
    private String running = "";
    private String runningStep = "";
    private long runningSince = System.nanoTime();
    private long lastPrinted = System.nanoTime();

    Progress(Output output) {
        this.output = output;
    }

    void job(JsonObject job) {
        String now = Json.text(job, "state", "");
        if (now.equals(state)) return;
        state = now;
        if (now.equals("stalled"))
            say(
                    switch (Json.text(job, "stallReason", "")) {
                        case "overdue" -> "Stalled: long past its time, and its agent has not ended it.";
                        case "agent_lost_it" ->
                            "Stalled: its agent knows nothing of it any more; end it with: job resolve";
                        default -> "Stalled: nothing is heard from the node; the job goes on when its agent is back.";
                    });
        if (now.equals("verifying")) say("       verifying");
    }

    void step(JsonObject step) {
        String key = Json.number(step, "part", 0) + "." + Json.number(step, "ordinal", -1);
        String outcome = Json.text(step, "outcome", "");
        String name = Json.text(step, "name", "");
        if (outcome.equals("running")) {
            if (!key.equals(runningStep) && !printed.containsKey(key)) {
                runningStep = key;
                running = name;
                runningSince = System.nanoTime();
                tick();
            }
            return;
        }
        if (key.equals(runningStep)) running = "";
        if (outcome.equals(printed.put(key, outcome))) return;
        String phase = Json.text(step, "phase", "");
        String took = Text.seconds(Duration.ofMillis(Json.number(step, "durationMs", 0)));
        say("  %4d  %-7s %-8s %9s  %s".formatted(printed.size(), phase, outcome, took, name));
        if (outcome.equals("failed") && Json.text(step, "message") != null)
            say("                                  %s: %s"
                    .formatted(Json.text(step, "code", "failed"), Json.text(step, "message", "")));
    }

    /** Called about every second while nothing happens. */
    void tick() {
        String what = running.isEmpty() ? state : running;
        Duration since = Duration.ofNanos(System.nanoTime() - runningSince);
        String line = "        %s (%s)".formatted(what, Text.seconds(Duration.ofSeconds(since.toSeconds())));
        if (output.live()) output.live(line);
        else if (System.nanoTime() - lastPrinted > SIGN_OF_LIFE.toNanos()) say(line);
    }

    void note(String line) {
        say(line);
    }

    private void say(String line) {
        lastPrinted = System.nanoTime();
        output.say(line);
    }
}
