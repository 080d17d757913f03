package io.pressluft.controlplane.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the contract allows is not refused for how it looks, and arrives as it was sent. */
@ControlPlaneTest
class LegalInputTest {

    private final RunningControlPlane app;
    private final AtomicInteger slugs = new AtomicInteger();
    private World world;

    LegalInputTest(RunningControlPlane app) {
        this.app = app;
    }

    @BeforeEach
    void fill() {
        world = new World(app);
    }

    /** Nothing is wrong with the requests that the hostile ones are made from: each is refused for its hostile part alone. */
    @TestFactory
    Stream<DynamicTest> a_request_without_a_hostile_part_is_not_refused_for_what_it_says() {
        return Operation.all().stream()
                .filter(operation -> !operation.id().equals("createLoginLink")) // waits for a node's agent
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> {
                    var reply = world.wire().send(world.legal(operation).bytes());
                    assertThat(reply.status()).as("%s", reply).isIn(200, 201, 202, 204, 409);
                }));
    }

    /** Nor with the one for a server. */
    @Test
    void a_request_for_a_server_is_not_refused_for_what_it_says() {
        var body = world.body(operation("createNode"), "hostKey", Request.quoted(Servers.KEY + " r\u00f6ot@web"));
        assertThat(send("createNode", body).status()).isEqualTo(202);
    }

    @TestFactory
    Stream<DynamicTest> a_title_is_data() {
        return legal("createSite", "title").entrySet().stream()
                .filter(value -> seen(value.getValue()))
                .map(value -> DynamicTest.dynamicTest("title is " + value.getKey(), () -> {
                    var reply = createSite("title", value.getValue());
                    assertThat(reply.status()).as("%s", reply).isEqualTo(202);
                    var job = reply.json().path("job").path("id").asString("");
                    assertThat(stored("SELECT payload ->> 'environment_title' FROM job WHERE id = :id", job))
                            .isEqualTo(value.getValue().strip());
                    assertThat(reply.json().path("site").path("title").asString(""))
                            .isEqualTo(value.getValue().strip());
                }));
    }

    @TestFactory
    Stream<DynamicTest> a_name_of_a_token_is_data() {
        return legal("createToken", "name").entrySet().stream()
                .filter(value -> !value.getValue().isBlank())
                .map(value -> DynamicTest.dynamicTest("name is " + value.getKey(), () -> {
                    var reply = send("createToken", "{\"name\": " + Request.quoted(value.getValue()) + "}");
                    assertThat(reply.status()).as("%s", reply).isEqualTo(201);
                    assertThat(stored(
                                    "SELECT name FROM api_token WHERE id = :id",
                                    reply.json().path("id").asString("")))
                            .isEqualTo(value.getValue());
                }));
    }

    /** Code may be stricter than a pattern can say; then it says which field it is about. */
    @TestFactory
    Stream<DynamicTest> any_other_legal_value_is_taken_or_refused_in_the_one_shape() {
        return Operation.all().stream()
                .filter(Operation::hasBody)
                .flatMap(operation -> operation.fields().values().stream()
                        .flatMap(field -> legal(operation.id(), field.name()).entrySet().stream()
                                .map(value -> DynamicTest.dynamicTest(
                                        operation + ": " + field.name() + " is " + value.getKey(), () -> {
                                            var json = world.body(
                                                    operation, field.name(), Request.quoted(value.getValue()));
                                            var reply = send(operation.id(), json);
                                            if (reply.status() < 400) {
                                                assertThat(reply.status()).isBetween(200, 202);
                                            } else {
                                                Refusal.check(operation + " " + json, "", reply);
                                            }
                                        }))));
    }

    @Test
    void a_title_that_cannot_be_seen_is_refused() {
        assertThat(createSite("title", "\u200b\u200d\u2060").status()).isEqualTo(400);
    }

    @Test
    void a_mail_address_that_wordpress_would_not_take_is_refused() {
        assertThat(createSite("adminEmail", "a@-example-.org").status()).isEqualTo(400);
    }

    private Reply createSite(String field, String value) {
        var members = new TreeMap<String, String>();
        members.put("slug", "legal" + slugs.incrementAndGet());
        members.put("title", "A title");
        members.put(field, value);
        var json = new StringBuilder();
        members.forEach((name, text) -> json.append(json.isEmpty() ? "{" : ", ")
                .append(Request.quoted(name))
                .append(": ")
                .append(Request.quoted(text)));
        return send("createSite", json.append('}').toString());
    }

    private Reply send(String operation, String json) {
        return world.wire().send(world.legal(operation(operation)).json(json).bytes());
    }

    private static Operation operation(String id) {
        return Operation.all().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> legal(String operation, String field) {
        var input = operation(operation).fields().get(field);
        var legal = new TreeMap<String, String>();
        Hostile.texts().forEach((name, text) -> {
            if (input.allows(text)) {
                legal.put(name, text);
            }
        });
        return legal;
    }

    private static boolean seen(String title) {
        return title.codePoints()
                .anyMatch(c -> !Character.isWhitespace(c)
                        && !Character.isSpaceChar(c)
                        && Character.getType(c) != Character.FORMAT);
    }

    private String stored(String query, String id) {
        return app.jdbc().sql(query).param("id", id).query(String.class).single();
    }
}
