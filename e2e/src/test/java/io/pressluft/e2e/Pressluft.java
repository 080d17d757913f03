package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.protocol.proof.FrontPageClaim;
import io.pressluft.protocol.proof.FrontPageProof;
import io.pressluft.protocol.proof.Proof;
import io.pressluft.protocol.proof.ProofKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;

/** One control plane with one local node, for all tests of the run. */
final class Pressluft implements AutoCloseable {

    static final Duration NODE = Duration.ofMinutes(10);
    static final Duration SITE = Duration.ofMinutes(2);
    static final Duration STOP = Duration.ofSeconds(30);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final ControlPlane controlPlane;
    private final RunDirectory directory;
    private final Acquisition acquisition;
    private final String nodeId;
    private final NodeShell node;
    private final AtomicInteger slugs = new AtomicInteger();
    private Site quiet;

    /** How the node came to be: the answer to the request and all events of its job. */
    record Acquisition(Answer answer, List<Api.Event> events, Duration took) {}

    private Pressluft(ControlPlane controlPlane, RunDirectory directory) {
        this.controlPlane = controlPlane;
        this.directory = directory;
        this.acquisition = acquire();
        this.nodeId = acquisition.answer().json().path("node").path("id").asString();
        this.node = new NodeShell(controlPlane.data().resolve("machines").resolve(nodeId));
    }

    /** Starts the control plane and acquires the node. */
    static Pressluft start() throws IOException {
        var home = Path.of(System.getProperty("pressluft.home"));
        RunDirectory.sweep(home);
        var directory = RunDirectory.create();
        var controlPlane = new ControlPlane(home, directory.data(), directory.log());
        try {
            directory.endWithThisJvm(controlPlane);
            controlPlane.start();
            return new Pressluft(controlPlane, directory);
        } catch (RuntimeException | Error e) {
            clean(controlPlane, directory);
            throw e;
        }
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    Acquisition acquisition() {
        return acquisition;
    }

    String nodeId() {
        return nodeId;
    }

    NodeShell node() {
        return node;
    }

    Database database() {
        return new Database(controlPlane.data());
    }

    Broker broker() {
        return new Broker(controlPlane.data());
    }

    /** A root shell on another local node of this instance. */
    NodeShell node(String id) {
        return new NodeShell(controlPlane.data().resolve("machines").resolve(id));
    }

    HostTraces host() {
        return new HostTraces(controlPlane.about().path("instance").asString(), controlPlane.data());
    }

    Api api() {
        return new Api(URI.create(controlPlane.about().path("url").asString()), controlPlane.token());
    }

    int previewPort() {
        return controlPlane.about().path("previewPort").asInt();
    }

    /** A second control plane beside this one, which does not run yet. It does not outlive this JVM. */
    Replica replica() {
        var replica = new Replica(
                this, new ControlPlane(controlPlane.home(), directory.replicaData(), directory.replicaLog()));
        Runtime.getRuntime().addShutdownHook(new Thread(replica::kill));
        return replica;
    }

    /** A site that no test breaks; made when it is first needed. */
    synchronized Site quietSite() {
        if (quiet == null) {
            quiet = createSite("Quiet neighbour");
        }
        return quiet;
    }

    /** Asks for a site and waits until it is proven. */
    Site createSite(String title) {
        var site = requestSite(title);
        api().succeeded(site.jobId(), SITE);
        return site;
    }

    /** Asks for a site; its job is only queued. */
    Site requestSite(String title) {
        var slug = "site-" + slugs.incrementAndGet();
        return site(api().post("/api/sites", wanted(slug, title)).require(202).json());
    }

    Map<String, Object> wanted(String slug, String title) {
        var wanted = new LinkedHashMap<String, Object>();
        wanted.put("slug", slug);
        wanted.put("title", title);
        wanted.put("nodeId", nodeId);
        return wanted;
    }

    static Site site(JsonNode accepted) {
        var site = accepted.path("site");
        var environment = site.path("environments").path(0);
        return new Site(
                site.path("id").asString(),
                site.path("slug").asString(),
                site.path("title").asString(),
                environment.path("id").asString(),
                URI.create(environment.path("url").asString()),
                accepted.path("job").path("id").asString());
    }

    /** @return the job */
    String requestDeletion(Site site) {
        return api().delete("/api/sites/" + site.id(), Map.of("confirm", site.slug()))
                .require(202)
                .json()
                .path("job")
                .path("id")
                .asString();
    }

    JsonNode siteNow(Site site) {
        return api().get("/api/sites/" + site.id()).require(200).json();
    }

    /** @throws AssertionError unless the preview shows the site's own title */
    void assertServes(Site site) {
        var page = Web.get(site.at("/"));
        assertThat(page.status()).as("%s", site.url()).isEqualTo(200);
        assertThat(Pages.plain(Pages.title(page.body()))).startsWith(Pages.plain(site.title()));
    }

    /** The front page over the preview address, judged by its signature over a fresh nonce. */
    Proof prove(Site site) throws InterruptedException {
        return frontPage(site).look();
    }

    FrontPage frontPage(Site site) {
        var facts = database().value("""
                        SELECT e.identity || ' ' || e.proof_key || ' ' || r.name FROM environment e
                        JOIN release r ON r.environment_id = e.id AND r.current WHERE e.id = ?
                        """, site.environmentId()).split(" ");
        return new FrontPage(
                new FrontPageProof(HTTP, Duration.ofSeconds(20)),
                new FrontPageClaim(site.url(), site.environmentId(), facts[0], facts[2]),
                new ProofKey(facts[1]),
                new InetSocketAddress("127.0.0.1", previewPort()));
    }

    /** Decommissions what is left and removes the instance from this host. */
    @Override
    public void close() throws IOException {
        var host = controlPlane.running() ? Optional.of(host()) : Optional.<HostTraces>empty();
        clean(controlPlane, directory);
        host.ifPresent(traces -> {
            assertThat(traces.ofNodes()).as("left on this host").isEmpty();
            assertThat(traces.processes()).as("left running").isEmpty();
        });
    }

    private static void clean(ControlPlane controlPlane, RunDirectory directory) throws IOException {
        try {
            if (controlPlane.running()) {
                controlPlane.stop(STOP);
            }
        } finally {
            controlPlane.purge();
            directory.delete();
        }
    }

    private Acquisition acquire() {
        long begun = System.nanoTime();
        var answer = api().post(
                        "/api/nodes", Map.of("name", "e2e", "source", "local", "provider", "nspawn", "memoryMb", 2048))
                .require(202);
        var jobId = answer.json().path("job").path("id").asString();
        var events = api().events(jobId);
        var job = api().settled(jobId, NODE);
        var failure = job.path("failure");
        if (failure.path("code").asString("").equals("capability_missing")) {
            var reason =
                    "local nodes cannot run here: " + failure.path("message").asString();
            System.out.println("End-to-end tests skipped: " + reason);
            throw new TestAbortedException(reason);
        }
        api().succeeded(jobId, NODE);
        var took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf("node ready after %d s%n", took.toSeconds());
        return new Acquisition(answer, events, took);
    }

    /** Sends the control plane SIGTERM and starts it again on the same data. */
    void restart() {
        assertThat(controlPlane.stop(STOP)).isZero();
        controlPlane.start();
    }
}
