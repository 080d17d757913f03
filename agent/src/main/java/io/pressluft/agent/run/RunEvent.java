package io.pressluft.agent.run;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import io.pressluft.protocol.text.Redaction;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A line of the events file; secrets that a tool has printed are masked before anything leaves the node. */
public sealed interface RunEvent {

    /**
     * @param at wall clock in milliseconds, for people
     * @param boot CLOCK_BOOTTIME in milliseconds
     * @param shown whether it is told to the control plane; a step with a condition is only once it has run
     */
    record StepStarted(int ordinal, String name, long at, long boot, boolean shown) implements RunEvent {}

    /** @param outcome ok, changed, failed, skipped */
    record StepFinished(int ordinal, String name, String outcome, long durationMs, String code, String message)
            implements RunEvent {}

    record Log(String text) implements RunEvent {}

    record Outputs(Map<String, String> values) implements RunEvent {}

    /** @param outcome succeeded, failed, fenced, deadline, cancelled */
    record RunFinished(String outcome) implements RunEvent {}

    /** Empty for a line that is torn, or means nothing to this version. */
    static Optional<RunEvent> parse(String line) {
        try {
            return of(JsonParser.object().from(line));
        } catch (JsonParserException torn) {
            return Optional.empty();
        }
    }

    private static Optional<RunEvent> of(JsonObject json) {
        return switch (json.getString("event", "")) {
            case "step_started" ->
                Optional.of(new StepStarted(
                        json.getInt("ordinal"),
                        json.getString("name", ""),
                        json.getLong("at"),
                        json.getLong("boot"),
                        json.getBoolean("shown", true)));
            case "step_finished" ->
                Optional.of(new StepFinished(
                        json.getInt("ordinal"),
                        json.getString("name", ""),
                        json.getString("outcome", ""),
                        json.getLong("duration_ms"),
                        json.getString("code", ""),
                        Redaction.of(json.getString("message", ""))));
            case "log" -> Optional.of(new Log(Redaction.of(json.getString("text", ""))));
            case "outputs" -> Optional.of(new Outputs(texts(json.getObject("values", new JsonObject()))));
            case "run_finished" -> Optional.of(new RunFinished(json.getString("outcome", "")));
            default -> Optional.empty();
        };
    }

    /** Every value as text: a string as it is, anything else as JSON. */
    private static Map<String, String> texts(JsonObject values) {
        var texts = new TreeMap<String, String>();
        values.forEach(
                (name, value) -> texts.put(name, value instanceof String text ? text : JsonWriter.string(value)));
        return texts;
    }
}
