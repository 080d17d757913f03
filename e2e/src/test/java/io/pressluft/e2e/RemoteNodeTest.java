package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** A server that exists already becomes a node and is given back. A control plane of its own; the tests run in order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RemoteNodeTest {

    private static final Path LOG =
            Path.of("target", "control-plane-remote.log").toAbsolutePath();
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final String PASSWORD = "once-0nly-and-n3ver-again";

    private RunDirectory directory;
    private ControlPlane controlPlane;
    private PlainMachine machine;
    private List<String> before;
    private String nodeId;
    private String jobId;

    @BeforeAll
    void start() throws Exception {
        var missing = Requirements.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        var home = Path.of(System.getProperty("pressluft.home"));
        RunDirectory.sweep(home);
        directory = RunDirectory.create();
        Files.deleteIfExists(LOG); // the password of an earlier run's user is in it
        controlPlane = new ControlPlane(home, directory.data(), LOG);
        directory.endWithThisJvm(controlPlane);
        machine = PlainMachine.boot(home, directory.path().resolve("plain"));
        machine.password(PlainMachine.KEEPER, PASSWORD);
        machine.password(PlainMachine.VISITOR, PASSWORD);
        machine.shell().script("""
                mkdir -p -m 700 /root/.ssh
                echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOwnerOwnerOwnerOwnerOwnerOwnerOwnerOwnerO1 owner' \
                    > /root/.ssh/authorized_keys
                """).require();
        before = machine.state();
        controlPlane.start();
    }

    @AfterAll
    void stop() throws Exception {
        try {
            if (controlPlane != null && controlPlane.running()) {
                controlPlane.stop(Pressluft.STOP);
            }
        } finally {
            if (machine != null) {
                machine.close();
            }
            if (controlPlane != null) {
                controlPlane.purge();
                directory.delete();
            }
        }
    }

    @Test
    @Order(1)
    void the_control_planes_own_host_is_refused_before_there_is_a_job() {
        for (var host : List.of("127.0.0.1", "::1", "localhost", "0.0.0.0", machine.hostAddress())) {
            var answer = api().post("/api/nodes", Map.of("source", "remote", "provider", "ssh", "host", host));
            assertThat(answer.status()).as(host).isEqualTo(400);
        }
        assertThat(api().get("/api/jobs").json().path("jobs").values()).isEmpty();
    }

    @Test
    @Order(2)
    void a_wrong_password_changes_nothing() {
        refused(Map.of("user", PlainMachine.KEEPER, "oneTimePassword", "not-it"), "ssh_auth_failed");
    }

    @Test
    @Order(2)
    void another_host_key_than_the_pinned_one_gets_no_password() {
        var wished = Map.<String, Object>of(
                "user", PlainMachine.KEEPER, "oneTimePassword", PASSWORD, "hostKey", "SHA256:" + "A".repeat(43));
        refused(wished, "host_key_changed");
        assertThat(machine.shell()
                        .script("journalctl -u ssh | grep -c 'Accepted' || true")
                        .out()
                        .strip())
                .isEqualTo("0");
    }

    @Test
    @Order(2)
    void a_closed_port_is_unreachable() throws Exception {
        try (var free = new ServerSocket(0)) {
            refused(Map.of("port", free.getLocalPort(), "oneTimePassword", PASSWORD), "ssh_unreachable");
        }
    }

    @Test
    @Order(3)
    void a_user_without_sudo_is_refused_and_loses_the_key_again() {
        refused(Map.of("user", PlainMachine.VISITOR, "oneTimePassword", PASSWORD), "sudo_unavailable");
    }

    @Test
    @Order(4)
    void another_operating_system_is_refused_and_loses_the_key_again() {
        machine.shell().script("""
                cp --remove-destination /usr/lib/os-release /etc/os-release
                sed -i 's/^VERSION_ID=.*/VERSION_ID="11"/' /etc/os-release
                """).require();
        try {
            refused(Map.of("user", PlainMachine.KEEPER, "oneTimePassword", PASSWORD), "os_unsupported");
        } finally {
            machine.shell()
                    .script("ln -sf ../usr/lib/os-release /etc/os-release")
                    .require();
        }
    }

    @Test
    @Order(5)
    void a_server_becomes_a_node_with_a_one_time_password() throws Exception {
        var accepted = create(Map.of("user", PlainMachine.KEEPER, "oneTimePassword", PASSWORD));
        nodeId = accepted.path("node").path("id").asString();
        var jobId = accepted.path("job").path("id").asString();
        api().succeeded(jobId, Pressluft.NODE);

        var node = api().get("/api/nodes/" + nodeId).require(200).json();
        assertThat(node.path("ready").asBoolean()).as(node.toString()).isTrue();
        assertThat(node.path("ssh").path("fingerprint").asString()).isEqualTo(machine.fingerprint("ed25519"));
        assertThat(api().get("/api/jobs/" + jobId + "/log").body()).contains(machine.fingerprint("ed25519"));
        assertPasswordIsNowhere(jobId);
    }

    private void assertPasswordIsNowhere(String jobId) throws Exception {
        var database = new Database(controlPlane.data());
        assertThat(database.column("SELECT name FROM secret WHERE name LIKE 'first-access/%'"))
                .isEmpty();
        assertThat(database.column("SELECT n::text FROM node n UNION ALL SELECT j::text FROM job j"
                        + " UNION ALL SELECT s::text FROM job_step s UNION ALL SELECT e::text FROM job_event e"
                        + " UNION ALL SELECT a::text FROM audit_entry a"))
                .noneMatch(row -> row.contains(PASSWORD));
        assertThat(api().get("/api/jobs/" + jobId + "/log").body()).doesNotContain(PASSWORD);
        assertThat(Files.readString(LOG)).doesNotContain(PASSWORD);
    }

    @Test
    @Order(6)
    void a_site_is_served_by_it_and_proven_from_outside() {
        var accepted = api().post("/api/sites", Map.of("slug", "far", "title", "Far away", "nodeId", nodeId))
                .require(202)
                .json();
        var site = Pressluft.site(accepted);
        api().succeeded(site.jobId(), Pressluft.SITE);
        var page = Web.get(new InetSocketAddress(machine.address(), 80), site.url(), Map.of());
        assertThat(page.status()).isEqualTo(200);
        assertThat(Pages.plain(Pages.title(page.body()))).startsWith("Far away");
        assertThat(api().delete("/api/nodes/" + nodeId).json().path("code").asString())
                .isEqualTo("node_has_sites");

        var deletion = api().delete("/api/sites/" + site.id(), Map.of("confirm", "far"))
                .require(202)
                .json();
        api().succeeded(deletion.path("job").path("id").asString(), Pressluft.SITE);
    }

    @Test
    @Order(7)
    void its_key_runs_nothing_but_the_probe() {
        var answer = Commands.run(List.of(
                "ssh",
                "-i",
                controlPlane.data().resolve("keys/managed_ed25519").toString(),
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "BatchMode=yes",
                PlainMachine.KEEPER + "@" + machine.address(),
                "echo a-shell-was-left-behind"));
        assertThat(answer.out()).doesNotContain("a-shell-was-left-behind").startsWith("{");
    }

    @Test
    @Order(8)
    void a_decommissioned_server_has_nothing_of_pressluft_left() {
        decommission(nodeId);
        assertThat(machine.state()).isEqualTo(before);
    }

    @Test
    @Order(9)
    void without_a_password_the_job_waits_and_says_what_to_run() {
        var accepted = create(Map.of("hostKey", machine.fingerprint("ecdsa")));
        nodeId = accepted.path("node").path("id").asString();
        jobId = accepted.path("job").path("id").asString();
        Await.until(
                "the job says that it waits",
                SHORT,
                () -> api().job(jobId).path("steps").values().stream()
                        .anyMatch(step ->
                                step.path("name").asString().contains("wait until the managed key is authorised")));
        Await.until(
                "the log has the command",
                SHORT,
                () -> api().get("/api/jobs/" + jobId + "/log").body().contains(command()));
    }

    @Test
    @Order(10)
    void the_dashboard_shows_what_it_waits_for_and_no_password_again() {
        try (var browser = Browser.open()) {
            var page = browser.page();
            page.navigate(at("/login"));
            page.fill("input[name=username]", "admin");
            page.fill("input[name=password]", controlPlane.adminPassword());
            page.locator("button[type=submit]").first().click();
            page.waitForURL(Pattern.compile(".*/sites$"));
            page.navigate(at("/nodes/" + nodeId));
            PlaywrightAssertions.assertThat(page.locator("#waiting-for-key #authorise"))
                    .hasText(command());

            page.navigate(at("/nodes/new-remote"));
            PlaywrightAssertions.assertThat(page.locator("#authorise")).hasText(command());
            page.fill("input[name=host]", "127.0.0.1");
            page.fill("input[name=oneTimePassword]", PASSWORD);
            page.locator("main button[type=submit]").first().click();
            PlaywrightAssertions.assertThat(page.locator("#field-host-error")).containsText("another machine");
            PlaywrightAssertions.assertThat(page.locator("input[name=oneTimePassword]"))
                    .hasValue("");
        }
    }

    @Test
    @Order(11)
    void once_its_owner_has_authorised_the_key_the_server_becomes_a_node_and_is_given_back() {
        machine.shell().run("/bin/sh", "-c", command()).require();
        api().succeeded(jobId, Pressluft.NODE);
        var keys = machine.shell().run("cat", "/root/.ssh/authorized_keys").lines();
        assertThat(keys).hasSize(2);
        assertThat(keys.getFirst()).endsWith(" owner");
        assertThat(keys.getLast()).startsWith("restrict,command=");

        decommission(nodeId);
        assertThat(machine.state()).isEqualTo(before);
    }

    private String command() {
        return api().get("/api/managed-key").require(200).json().path("command").asString();
    }

    private String at(String path) {
        return controlPlane.about().path("url").asString() + path;
    }

    private JsonNode create(Map<String, ?> wished) {
        var body = new HashMap<String, Object>(
                Map.of("source", "remote", "provider", "ssh", "host", machine.address(), "memoryMb", 2048));
        body.putAll(wished);
        return api().post("/api/nodes", body).require(202).json();
    }

    /** The job ends with the code, and the machine is as it was. */
    private void refused(Map<String, ?> wished, String code) {
        var accepted = create(wished);
        var job = api().settled(accepted.path("job").path("id").asString(), SHORT);
        assertThat(job.path("failure").path("code").asString())
                .as(job.toString())
                .isEqualTo(code);
        assertThat(job.path("failure").path("remediation").asString()).isNotBlank();
        decommission(accepted.path("node").path("id").asString());
        assertThat(machine.state()).as("left on the machine").isEqualTo(before);
    }

    private void decommission(String id) {
        var answer = api().delete("/api/nodes/" + id).require(202).json();
        api().succeeded(answer.path("job").path("id").asString(), Pressluft.SITE);
        assertThat(Optional.of(
                        api().get("/api/nodes/" + id).json().path("state").asString()))
                .contains("decommissioned");
    }

    private Api api() {
        return new Api(URI.create(controlPlane.about().path("url").asString()), controlPlane.token());
    }
}
