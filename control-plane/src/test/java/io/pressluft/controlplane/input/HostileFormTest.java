package io.pressluft.controlplane.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The dashboard's forms: what is refused comes back as a page, escaped, and nothing is changed. */
@ControlPlaneTest
class HostileFormTest {

    private final RunningControlPlane app;
    private World world;
    private Forms forms;

    HostileFormTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void signIn() {
        app.jdbc()
                .sql("""
                        INSERT INTO app_user (id, name, email, password_hash)
                        VALUES ('user_formstesters', 'forms', 'forms@example.org', :hash) ON CONFLICT DO NOTHING
                        """)
                .param("hash", app.bean(PasswordEncoder.class).encode("right"))
                .update();
        world = new World(app);
        forms = new Forms(world);
        forms.signIn("forms", "right");
        assertThat(forms.signedIn()).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> a_field_is_refused() {
        return Forms.all().stream()
                .flatMap(form -> form.fields().keySet().stream()
                        .flatMap(field -> Hostile.sharpest().entrySet().stream()
                                .filter(value -> !legal(form, field, value.getValue()))
                                .map(value -> test(form.path() + ": " + field + " is " + value.getKey(), () -> {
                                    var fields = new HashMap<>(form.fields());
                                    fields.put(field, value.getValue());
                                    return forms.post(forms.filled(form), fields);
                                }))));
    }

    @TestFactory
    Stream<DynamicTest> a_segment_of_the_path_is_refused() {
        return Forms.all().stream()
                .filter(form -> form.path().contains("{"))
                .flatMap(form -> Hostile.segments().entrySet().stream()
                        .map(segment -> test(
                                form.path() + ": " + segment.getKey(),
                                () -> forms.post(
                                        form.path()
                                                .replaceAll(
                                                        "\\{[a-zA-Z]+}", Matcher.quoteReplacement(segment.getValue())),
                                        form.fields()))));
    }

    @TestFactory
    Stream<DynamicTest> a_body_is_refused() {
        return Forms.all().stream()
                .flatMap(form -> bodies(form).entrySet().stream()
                        .map(body -> test(form.path() + ": " + body.getKey(), body.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> signing_in_is_refused() {
        return Hostile.unseen().entrySet().stream()
                .map(name -> test("the name is " + name.getKey(), () -> {
                    app.jdbc().sql("TRUNCATE login_attempt").update();
                    return forms.login(Map.of("username", name.getValue(), "password", "wrong"));
                }));
    }

    @TestFactory
    Stream<DynamicTest> a_password_is_refused() {
        return Stream.of("NUL", "empty", "lone high surrogate", "30,000 letters", "broken UTF-8")
                .map(name -> test("the password is " + name, () -> {
                    app.jdbc().sql("TRUNCATE login_attempt").update();
                    return forms.login(Map.of(
                            "username", "forms", "password", Hostile.texts().getOrDefault(name, "\u00ff")));
                }));
    }

    @Test
    void every_form_of_the_dashboard_is_attacked() {
        var known = new TreeSet<String>();
        Forms.all().forEach(form -> known.add(form.path().replaceAll("\\{[^}]*}", "{}")));
        var mapped = new TreeSet<String>();
        app
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .filter(one -> one.getMethodsCondition().getMethods().contains(RequestMethod.POST))
                .flatMap(one -> one.getPatternValues().stream())
                .filter(path -> !path.startsWith("/api/"))
                .forEach(path -> mapped.add(path.replaceAll("\\{[^}]*}", "{}")));
        assertThat(known).isEqualTo(mapped);
    }

    private Map<String, Supplier<Request>> bodies(Forms.Form form) {
        var path = forms.filled(form);
        var legal = Forms.encoded(form.fields());
        var whole = legal + (legal.isEmpty() ? "" : "&") + forms.csrf();
        var all = new LinkedHashMap<String, Supplier<Request>>();
        all.put("no form token", () -> forms.raw(path, legal));
        all.put("a wrong form token", () -> forms.raw(path, legal + "&_csrf=wrong"));
        all.put("a form token of NUL", () -> forms.raw(path, legal + "&_csrf=%00"));
        all.put("a long form token", () -> forms.raw(path, legal + "&_csrf=" + "A".repeat(5_000)));
        all.put("no body", () -> forms.raw(path, ""));
        all.put("no escape", () -> forms.raw(path, "title=%zz&" + whole));
        all.put("half an escape", () -> forms.raw(path, whole + "&x=%"));
        all.put("broken UTF-8", () -> forms.raw(path, whole + "&x=%ff%fe"));
        if (!form.fields().isEmpty()) { // the others look at nothing but the token
            all.put("a name of NUL", () -> forms.raw(path, whole + "&%00=1"));
            all.put("a name of C1", () -> forms.raw(path, whole + "&%c2%9b=1"));
        }
        all.put("70,000 letters", () -> forms.raw(path, whole + "&x=" + "a".repeat(70_000)));
        all.put("3 megabytes", () -> forms.raw(path, whole + "&x=" + "a".repeat(3_000_000)));
        all.put("5,000 fields", () -> forms.raw(path, whole + "&x=1".repeat(5_000)));
        all.put("JSON", () -> forms.request("POST", path).json("{\"title\": \"x\"}"));
        all.put("a file", () -> forms.request("POST", path).body("multipart/form-data; boundary=x", multipart(whole)));
        all.put(
                "a boundary that never comes",
                () -> forms.request("POST", path).body("multipart/form-data; boundary=y", multipart(whole)));
        all.put("no boundary", () -> forms.request("POST", path).body("multipart/form-data", multipart(whole)));
        all.put("no type", () -> forms.raw(path, whole).without("Content-Type"));
        all.put("PUT", () -> forms.raw(path, whole).method("PUT"));
        all.put("PATCH", () -> forms.raw(path, whole).method("PATCH"));
        return all;
    }

    private static byte[] multipart(String whole) {
        var text = new StringBuilder();
        for (var pair : whole.split("&")) {
            var parts = pair.split("=", 2);
            text.append("--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                    .formatted(parts[0], parts.length == 2 ? parts[1] : ""));
        }
        return text.append("--x--\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean legal(Forms.Form form, String field, String entered) {
        // A password is taken as it is, everything else without the space around it.
        var value = field.equals("oneTimePassword") ? entered : entered.strip();
        if (form.path().equals("/nodes")) {
            return switch (field) {
                case "memoryMb" -> value.isEmpty();
                case "cpus" -> value.isEmpty() || value.equals("5");
                case "name" -> value.isEmpty() || legal("createNode", field, value);
                default -> legal("createNode", field, value);
            };
        }
        if (form.path().equals("/nodes/remote")) {
            return switch (field) {
                case "port" -> value.isEmpty();
                case "host" -> legal("createNode", field, value);
                default -> value.isEmpty() || legal("createNode", field, value);
            };
        }
        if (form.path().startsWith("/settings/groups")) {
            return value.isEmpty();
        }
        // What is left empty is left out, or taken back.
        boolean optional = !form.path().equals("/settings/tokens") && !field.matches("slug|title|confirm");
        return (optional && value.isEmpty()) || (!field.equals("confirm") && legal(form.body(), field, value));
    }

    private static boolean legal(String operation, String field, String value) {
        return Operation.all().stream()
                .filter(one -> one.id().equals(operation))
                .anyMatch(one -> one.fields().get(field).allows(value));
    }

    private DynamicTest test(String name, Supplier<Request> request) {
        var last = new AtomicReference<String>();
        return DynamicTest.dynamicTest(Case.printable(name), () -> {
            last.set(world.snapshot());
            var reply = world.wire().send(request.get().bytes());
            assertThat(world.snapshot()).as("%s got %s", name, reply).isEqualTo(last.get());
            assertThat(reply.status()).as("%s got %s", name, reply).isBetween(300, 499);
            assertThat(reply.body()).doesNotContain("<script>alert", "<img src=x");
            Refusal.discreet(reply);
        });
    }
}
