package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "token", description = "API tokens.", synopsisSubcommandLabel = "COMMAND")
final class TokenCommands {
    private final Pressluft root;

    TokenCommands(Pressluft root) {
        this.root = root;
    }

    @Command(name = "create", description = "A new token, shown this once.")
    int create(@Parameters(paramLabel = "NAME", description = "What it is for.") String name) {
        var body = new JsonObject();
        body.addProperty("name", name);
        JsonObject token = root.api().post("/api/tokens", body);
        if (root.output().json()) root.output().result(token);
        else {
            root.output().say(Json.text(token, "token", ""));
            root.output().say("Token %s: shown only this once.".formatted(Json.text(token, "id", "")));
        }
        return Exit.OK;
    }

    @Command(name = "list", description = "All tokens, without their secrets.")
    int list() {
        JsonObject answer = root.api().get("/api/tokens");
        if (root.output().json()) {
            root.output().result(answer);
            return Exit.OK;
        }
        root.output()
                .table(
                        List.of("ID", "NAME", "CREATED", "LAST USED"),
                        Json.objects(answer, "tokens").stream()
                                .map(token -> List.of(
                                        Json.text(token, "id", ""),
                                        Json.text(token, "name", ""),
                                        Json.text(token, "createdAt", ""),
                                        Json.text(token, "lastUsedAt", "never")))
                                .toList(),
                        "No tokens.");
        return Exit.OK;
    }

    @Command(name = "delete", description = "Revoke a token.")
    int delete(@Parameters(paramLabel = "TOKEN", description = "Its id.") String id) {
        JsonObject answer = root.api().delete("/api/tokens/" + Api.encoded(id), null);
        if (root.output().json()) root.output().result(answer);
        else root.output().say("Token %s is revoked.".formatted(id));
        return Exit.OK;
    }
}
