package io.pressluft.controlplane.input;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The forms of the dashboard as a signed-in browser sends them. */
final class Forms {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final String TYPE = "application/x-www-form-urlencoded";

    private final World world;
    private String cookie = "";
    private String csrf = "";

    Forms(World world) {
        this.world = world;
    }

    /**
     * A form with what makes it legal.
     *
     * @param body the schema of the contract that says which of its fields are legal; empty when there is none
     */
    record Form(String path, Map<String, String> fields, String body) {}

    static List<Form> all() {
        return List.of(
                new Form(
                        "/nodes", Map.of("name", "legal", "provider", "scripted", "memoryMb", "2048", "cpus", "2"), ""),
                new Form("/nodes/remote", Servers.FORM, ""),
                new Form("/nodes/{nodeId}/look", Map.of(), ""),
                new Form("/nodes/{nodeId}/decommission", Map.of("confirm", "x"), ""),
                new Form(
                        "/sites",
                        Map.of(
                                "slug", "fresh",
                                "title", "A title",
                                "nodeId", "",
                                "adminUser", "admin",
                                "adminEmail", "admin@example.org"),
                        "createSite"),
                new Form("/sites/{siteId}/delete", Map.of("confirm", "live"), "deleteSite"),
                new Form("/sites/{siteId}/environments/{environmentId}/login", Map.of(), ""),
                new Form("/jobs/{jobId}/retry", Map.of(), ""),
                new Form("/jobs/{jobId}/cancel", Map.of(), ""),
                new Form("/jobs/{jobId}/resolve", Map.of(), ""),
                new Form(
                        "/settings/groups/{settingGroup}",
                        Map.of("preview-domain", "after.example.org", "gateway-address", "after.example.org:7601"),
                        ""),
                new Form("/settings/tokens", Map.of("name", "legal"), "createToken"),
                new Form("/settings/tokens/{tokenId}/delete", Map.of(), ""),
                new Form("/alerts/test", Map.of(), ""));
    }

    void signIn(String name, String password) {
        var page = world.wire().send(Request.of("GET", "/login").bytes());
        keep(page);
        keep(world.wire()
                .send(login(Map.of("username", name, "password", password)).bytes()));
        keep(world.wire().send(request("GET", "/settings").bytes()));
    }

    private void keep(Reply reply) {
        if (!reply.header("set-cookie").isEmpty()) {
            cookie = reply.header("set-cookie").split(";", 2)[0];
        }
        var found = CSRF.matcher(reply.body());
        if (found.find()) {
            csrf = found.group(1);
        }
    }

    boolean signedIn() {
        return world.wire().send(request("GET", "/settings").bytes()).status() == 200;
    }

    Request request(String method, String target) {
        return Request.of(method, target).with("Cookie", cookie).with("Accept", "text/html");
    }

    Request login(Map<String, String> fields) {
        return post("/login", fields);
    }

    Request post(String path, Map<String, String> fields) {
        var all = new LinkedHashMap<>(fields);
        all.put("_csrf", csrf);
        return raw(path, encoded(all));
    }

    Request raw(String path, String body) {
        return request("POST", path).body(TYPE, Wire.bytes(body));
    }

    String csrf() {
        return "_csrf=" + Request.encoded(csrf);
    }

    static String encoded(Map<String, String> fields) {
        var text = new StringBuilder();
        fields.forEach((name, value) -> text.append(text.isEmpty() ? "" : "&")
                .append(Request.encoded(name))
                .append('=')
                .append(Request.encoded(value)));
        return text.toString();
    }

    String filled(Form form) {
        var path = form.path();
        for (var name : List.of("nodeId", "siteId", "environmentId", "jobId", "tokenId", "settingGroup")) {
            path = path.replace("{" + name + "}", world.id(name));
        }
        return path;
    }
}
