package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "setting", description = "Settings of the instance.", synopsisSubcommandLabel = "COMMAND")
final class SettingCommands {
    private final Pressluft root;

    SettingCommands(Pressluft root) {
        this.root = root;
    }

    @Command(name = "list", description = "All settings; of secrets only whether they are set.")
    int list() {
        JsonObject answer = root.api().get("/api/settings");
        if (root.output().json()) {
            root.output().result(answer);
            return Exit.OK;
        }
        root.output()
                .table(
                        List.of("KEY", "VALUE", "WHAT IT IS"),
                        Json.objects(answer, "settings").stream()
                                .map(setting -> List.of(
                                        Json.text(setting, "key", ""),
                                        value(setting),
                                        Json.text(setting, "description", "")))
                                .toList(),
                        "No settings.");
        return Exit.OK;
    }

    @Command(name = "set", description = "Change a setting; an empty value takes it back.")
    int set(
            @Parameters(paramLabel = "KEY") String key,
            @Parameters(paramLabel = "VALUE", arity = "0..1", description = "Not for secrets: others see arguments.")
                    @Nullable
                    String value,
            @Option(
                            names = "--value-file",
                            paramLabel = "FILE",
                            description = "Read it from a file; - is standard input.")
                    @Nullable
                    String file) {
        if ((value == null) == (file == null))
            throw CliException.usage(
                    "value_missing", "Either VALUE or --value-file is needed, and not both", "Give one of them.");
        var body = new JsonObject();
        body.addProperty("value", file == null ? value : ShortFile.read(file, "value"));
        JsonObject setting = root.api().put("/api/settings/" + Api.encoded(key), body);
        if (root.output().json()) root.output().result(setting);
        else root.output().say("%s: %s".formatted(key, value(setting).isEmpty() ? "not set" : value(setting)));
        return Exit.OK;
    }

    private static String value(JsonObject setting) {
        if (!Json.flag(setting, "secret")) return Json.text(setting, "value", "");
        return Json.flag(setting, "set") ? (Json.text(setting, "value", "") + " (set)").strip() : "";
    }
}
