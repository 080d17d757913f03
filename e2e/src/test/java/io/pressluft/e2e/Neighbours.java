package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.proof.Proof;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two sites on one node: one has been hacked, the other one must not notice. */
final class Neighbours {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RUNNER = "/wp-content/plugins/attack/run.php";
    private static @Nullable Neighbours made;

    private final Pressluft pressluft;
    private final Site victim;
    private final Site attacker;

    private Neighbours(Pressluft pressluft) {
        this.pressluft = pressluft;
        this.victim = pressluft.quietSite();
        this.attacker = pressluft.createSite("Hacked");
        plant("run.php", resource());
    }

    /** The same two for all classes of the run. */
    static synchronized Neighbours on(Pressluft pressluft) {
        if (made == null) {
            made = new Neighbours(pressluft);
        }
        return made;
    }

    Pressluft pressluft() {
        return pressluft;
    }

    NodeShell node() {
        return pressluft.node();
    }

    Site victim() {
        return victim;
    }

    Site attacker() {
        return attacker;
    }

    /** What the attacker's PHP makes of the code, asked over the web as any visitor could. */
    JsonNode web(String code) {
        var url = attacker.at(RUNNER);
        var address = new InetSocketAddress("127.0.0.1", url.getPort());
        var answer = Web.send(HttpRequest.newBuilder(java.net.URI.create(
                        "http://%s:%d%s".formatted(address.getHostString(), address.getPort(), RUNNER)))
                .header("Host", url.getRawAuthority())
                .POST(HttpRequest.BodyPublishers.ofString(body(code))));
        return value(answer.require(200).body());
    }

    /** The same as WP-CLI and cron would run it. */
    JsonNode jail(String code) {
        var argument = Base64.getEncoder().encodeToString(body(code).getBytes(StandardCharsets.UTF_8));
        var run = node().run(
                        "/usr/local/lib/pressluft/jail",
                        attacker.environmentId(),
                        "/usr/bin/php",
                        "/var/www/" + attacker.environmentId() + "/current" + RUNNER,
                        argument);
        return value(run.require().out());
    }

    /** Puts a file into the attacker's plugin, as its owner. */
    void plant(String name, String content) {
        var environment = attacker.environmentId();
        var encoded = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        node().script("""
                E=%1$s; D=/var/www/$E/current/wp-content/plugins/attack
                install -d -o "$E" -g "$E" -m 755 "$D"
                base64 -d <<< '%3$s' > "$D/%2$s"
                chown "$E:$E" "$D/%2$s"
                """.formatted(environment, name, encoded)).require();
    }

    /** A fresh signature of the victim's real front page. */
    void assertVictimServes() {
        try {
            assertThat(pressluft.prove(victim)).isInstanceOf(Proof.Proven.class);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** @throws AssertionError unless the attacker's PHP runs and serves again */
    void awaitAttacker(Duration patience) {
        Await.until("the attacker's site recovers", patience, () -> {
            try {
                return Web.get(attacker.at("/")).status() == 200;
            } catch (AssertionError e) {
                return false;
            }
        });
    }

    private String body(String code) {
        return JSON.writeValueAsString(Map.of("code", code, "other", victim.environmentId()));
    }

    /** What an attack that never ran would prove is nothing. */
    private static JsonNode value(String answer) {
        var json = JSON.readTree(answer);
        assertThat(json.path("uid").asInt())
                .as("the attack ran as an environment: %s", answer)
                .isGreaterThanOrEqualTo(1000);
        assertThat(json.path("value").toString()).as(answer).doesNotContain("thrown: ");
        return json.path("value");
    }

    private static String resource() {
        try (var file = Neighbours.class.getResourceAsStream("/attacks/run.php")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("the runner is not among the test's resources", e);
        }
    }
}
