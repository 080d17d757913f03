package io.pressluft.controlplane.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.security.crypto.password.PasswordEncoder;

/** What would make an existing server of this host, of nothing or of a command is refused before a job exists. */
@ControlPlaneTest
class HostileServerTest {

    private final RunningControlPlane app;
    private World world;
    private Forms forms;
    private Request request;

    HostileServerTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void signIn() {
        app.jdbc()
                .sql("""
                        INSERT INTO app_user (id, name, email, password_hash)
                        VALUES ('user_servertester', 'servers', 'servers@example.org', :hash) ON CONFLICT DO NOTHING
                        """)
                .param("hash", app.bean(PasswordEncoder.class).encode("right"))
                .update();
        world = new World(app);
        request = world.legal(Operation.all().stream()
                .filter(operation -> operation.id().equals("createNode"))
                .findFirst()
                .orElseThrow());
        forms = new Forms(world);
        forms.signIn("servers", "right");
        assertThat(forms.signedIn()).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> a_server_is_refused() {
        return everything().map(one -> refused(one.name(), one.field(), with(one.field(), one.value())));
    }

    @TestFactory
    Stream<DynamicTest> a_server_in_the_form_is_refused() {
        return everything()
                .map(one -> DynamicTest.dynamicTest(Case.printable(one.name()), () -> {
                    var fields = with(one.field(), one.value());
                    var before = world.snapshot();
                    var reply = world.wire()
                            .send(forms.post("/nodes/remote", fields).bytes());
                    assertThat(world.snapshot()).as("%s", reply).isEqualTo(before);
                    assertThat(reply.status()).as("%s", reply).isEqualTo(400);
                    assertThat(reply.body()).doesNotContain("nce {{ only }}");
                    Refusal.discreet(reply);
                }));
    }

    @TestFactory
    Stream<DynamicTest> a_server_without_a_host_is_refused() {
        var without = with("name", "legal");
        without.remove("host");
        return Stream.of(refused("no host", "host", without));
    }

    @TestFactory
    Stream<DynamicTest> a_local_node_is_no_server() {
        return Servers.FIELDS.stream().map(field -> {
            var members = new HashMap<>(Map.of("source", "local", "provider", "scripted"));
            members.put(field, Servers.FORM.getOrDefault(field, ""));
            return refused(field + " of a local node", field, members);
        });
    }

    @TestFactory
    Stream<DynamicTest> a_provider_of_another_source_is_refused() {
        return Stream.of("local ssh", "remote scripted", "remote SSH", "remote -ossh")
                .map(pair -> {
                    var members = new HashMap<>(Map.of("source", pair.split(" ")[0], "provider", pair.split(" ")[1]));
                    if (pair.equals("local ssh")) {
                        members.put("host", "192.0.2.10");
                    }
                    return refused(pair, "provider", members);
                });
    }

    private record Value(String name, String field, String value) {}

    private static Stream<Value> everything() {
        return Servers.hostile().entrySet().stream()
                .flatMap(field -> field.getValue().entrySet().stream()
                        .map(value ->
                                new Value(field.getKey() + " is " + value.getKey(), field.getKey(), value.getValue())));
    }

    /** What is legal but for one field. */
    private static Map<String, String> with(String field, String value) {
        var members = new HashMap<>(Servers.FORM);
        members.putAll(Servers.LEGAL);
        members.put(field, value);
        return members;
    }

    private DynamicTest refused(String name, String field, Map<String, String> members) {
        return DynamicTest.dynamicTest(Case.printable(name), () -> {
            var before = world.snapshot();
            var reply = world.wire().send(request.json(json(members)).bytes());
            assertThat(world.snapshot()).as("%s", reply).isEqualTo(before);
            Refusal.check(name, field, reply);
            assertThat(reply.body()).doesNotContain("nce {{ only }}");
        });
    }

    private static String json(Map<String, String> members) {
        return members.entrySet().stream()
                .map(one -> Request.quoted(one.getKey())
                        + ": "
                        + (one.getKey().equals("port") ? one.getValue() : Request.quoted(one.getValue())))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
