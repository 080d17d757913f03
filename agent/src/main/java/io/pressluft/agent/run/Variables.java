package io.pressluft.agent.run;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a payload into variables that Ansible takes as data: it would otherwise run what a string says. */
public final class Variables {

    private static final String UNSAFE = "__ansible_unsafe";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private Variables() {}

    /**
     * @return the reason why a payload cannot be taken, or an empty text
     */
    public static String objection(String payload) {
        JsonObject values;
        try {
            values = JsonParser.object().from(payload);
        } catch (JsonParserException e) {
            return "The payload is not a JSON object: " + e.getMessage() + ".";
        }
        for (var name : values.keySet()) {
            // Such variables steer Ansible itself: which program it runs, as whom, where.
            if (!NAME.matcher(name).matches() || name.startsWith("ansible_") || name.startsWith("pressluft_")) {
                return "The payload names a variable that a job may not set: " + name + ".";
            }
        }
        return steersDecoder(values) ? "The payload holds a key that Ansible's JSON reader acts upon." : "";
    }

    /** The content of variables.json for a payload without objection. */
    static String json(String payload, String phase) {
        try {
            var variables = new LinkedHashMap<String, @Nullable Object>();
            JsonParser.object().from(payload).forEach((name, value) -> variables.put(name, wrapped(value)));
            variables.put("pressluft_phase", phase);
            return JsonWriter.string(variables);
        } catch (JsonParserException e) {
            throw new IllegalArgumentException("payload", e);
        }
    }

    private static @Nullable Object wrapped(@Nullable Object value) {
        return switch (value) {
            case String text -> Map.of(UNSAFE, text);
            case List<?> list -> {
                var items = new ArrayList<@Nullable Object>();
                list.forEach(item -> items.add(wrapped(item)));
                yield items;
            }
            case Map<?, ?> map -> {
                var entries = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, item) -> entries.put(String.valueOf(key), wrapped(item)));
                yield entries;
            }
            case null, default -> value;
        };
    }

    private static boolean steersDecoder(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.keySet().stream().anyMatch(key -> String.valueOf(key).startsWith("__ansible"))
                        || map.values().stream().anyMatch(Variables::steersDecoder);
            case List<?> list -> list.stream().anyMatch(Variables::steersDecoder);
            case null, default -> false;
        };
    }
}
