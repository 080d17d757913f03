package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;

/** What to do with a fresh enrolment token. A local node has no shell to paste it into, but its files are on this host. */
record EnrolmentAdvice(Output output, Path data) {
    private static final String FILE = "/etc/pressluft-agent/enrolment-token";

    void print(JsonObject node, JsonObject token) {
        String id = Json.text(token, "nodeId", "");
        output.say(Json.text(token, "token", ""));
        output.say("One-time enrolment token of node %s (%s), good until %s: shown only this once."
                .formatted(Json.text(node, "name", ""), id, Json.text(token, "expiresAt", "")));
        boolean local = "local".equals(Json.text(node, "source"));
        output.say("Run this as root on %s; paste the token, press Enter, then Ctrl-D:"
                .formatted(local ? "the host of the control plane" : "the node"));
        if (local) {
            output.say("  install -m 600 /dev/stdin \"%s/machines/%s/root%s\"".formatted(data, id, FILE));
        } else {
            output.say("  install -m 600 /dev/stdin " + FILE);
            output.say("  systemctl restart pressluft-agent");
        }
        output.say("An agent that is not let in enrols %s and removes the file. See: pressluft node show %s"
                .formatted(local ? "within a minute" : "at once", id));
        output.say("One that is let in leaves the token alone: then remove the file.");
    }
}
