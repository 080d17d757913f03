package io.pressluft.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading JSON without surprises: what is absent or of another type is null, empty or false. */
final class Json {
    private static final Gson PRETTY =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Json() {}

    /** The object in this text, or null when it is anything else. */
    static @Nullable JsonObject object(String text) {
        try {
            JsonElement element = JsonParser.parseString(text);
            return element.isJsonObject() ? element.getAsJsonObject() : null;
        } catch (JsonParseException e) {
            return null;
        }
    }

    static @Nullable String text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : null;
    }

    static String text(JsonObject object, String name, String otherwise) {
        String value = text(object, name);
        return value == null ? otherwise : value;
    }

    static boolean flag(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null && value.isJsonPrimitive() && value.getAsBoolean();
    }

    static long number(JsonObject object, String name, long otherwise) {
        String value = text(object, name);
        if (value == null) return otherwise;
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    static @Nullable JsonObject object(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null && value.isJsonObject() ? value.getAsJsonObject() : null;
    }

    static List<JsonObject> objects(JsonObject object, String name) {
        var found = new ArrayList<JsonObject>();
        JsonElement value = object.get(name);
        if (value != null && value.isJsonArray())
            for (JsonElement element : value.getAsJsonArray())
                if (element.isJsonObject()) found.add(element.getAsJsonObject());
        return found;
    }

    /** Pretty JSON in which no character can steer a terminal: such characters only occur in strings, escaped here. */
    static String pretty(JsonElement element) {
        String json = PRETTY.toJson(element);
        var safe = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (c < ' ' || !Text.steersTerminal(c)) safe.appendCodePoint(c);
            else for (char unit : Character.toChars(c)) safe.append("\\u%04x".formatted((int) unit));
        });
        return safe.toString();
    }
}
