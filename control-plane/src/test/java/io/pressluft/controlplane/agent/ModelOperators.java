package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedWork;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.job.WorkerWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What people ask of the control plane, some of it twice and much of it at the wrong time. */
final class ModelOperators {

    private static final int MOST_SITES = 7;
    private static final Map<String, Object> NOTHING = Map.of();

    private final ModelWorld world;
    private final RunningControlPlane app;
    private final Jobs jobs;
    private final WorkerWalk workers;
    private final List<Sent> sent = new ArrayList<>();
    private int keys;

    /** A request with its key, and the job that answered it. */
    private record Sent(NewJob wanted, ModelJob job) {}

    ModelOperators(ModelWorld world, RunningControlPlane app, WorkerWalk workers) {
        this.world = world;
        this.app = app;
        this.jobs = app.bean(Jobs.class);
        this.workers = workers;
    }

    boolean newSite() {
        if (world.sites.size() >= MOST_SITES) {
            return false;
        }
        var node = world.anyNode();
        var site = new ModelWorld.Site(world.id("site", 12), world.id("env", 8), node);
        return asked("create", () -> {
            var job = app.transaction().execute(status -> {
                insert(world.jdbc, site);
                return jobs.enqueue(NewJob.forEnvironment(
                        "site_create",
                        site.id(),
                        site.environment(),
                        node.id,
                        Map.of("environment_release", "20261121T000000Z"),
                        new Requester("me", null)));
            });
            world.sites.add(site);
            return job;
        });
    }

    /** The rows of a site that is about to be created. */
    static void insert(JdbcClient jdbc, ModelWorld.Site site) {
        jdbc.sql(
                        "INSERT INTO site (id, slug, title, state, created_by) VALUES (:id, :slug, 'A title', 'creating', 'me')")
                .param("id", site.id())
                .param("slug", site.id().replace('_', '-'))
                .update();
        jdbc.sql("""
                INSERT INTO environment (id, site_id, node_id, kind, state, hostname, url, code_mode, identity, admin_user)
                VALUES (:id, :site, :node, 'production', 'creating', :id || '.localhost', 'http://a.localhost', 'writable',
                        '0123456789abcdef0123456789abcdef', 'admin')
                """)
                .param("id", site.environment())
                .param("site", site.id())
                .param("node", site.node().id)
                .update();
    }

    boolean request() {
        if (world.sites.isEmpty()) {
            return false;
        }
        var site = world.any(world.sites);
        var requester = new Requester("me" + world.sites.getFirst().id(), world.chance(50) ? "key-" + keys++ : null);
        var wanted = wanted(site, requester);
        return asked(wanted.type(), () -> {
            var job = submit(wanted);
            if (requester.idempotencyKey() != null) {
                sent.add(new Sent(wanted, world.known(job)));
            }
            return job;
        });
    }

    private NewJob wanted(ModelWorld.Site site, Requester requester) {
        int dice = world.random.nextInt(100);
        if (dice < 55) {
            var deploy = forSite(ModelTypes.DEPLOY, site, requester);
            var other = world.anyNode();
            return dice < 25 && other != site.node() ? deploy.from(other.id) : deploy;
        }
        if (dice < 62) {
            return forSite("site_delete", site, requester);
        }
        if (dice < 80) {
            return forSite(ModelTypes.CHECK, site, requester);
        }
        return NewJob.forNode(
                dice < 90 ? ModelTypes.REPROVISION : ScriptedWork.TYPE, world.anyNode().id, NOTHING, requester);
    }

    private static NewJob forSite(String type, ModelWorld.Site site, Requester requester) {
        return NewJob.forEnvironment(type, site.id(), site.environment(), site.node().id, NOTHING, requester);
    }

    private Job submit(NewJob wanted) {
        return Objects.requireNonNull(app.transaction()
                .execute(status -> jobs.repeatOf(
                                wanted.requester(), wanted.type(), job -> Objects.equals(job.siteId(), wanted.siteId()))
                        .orElseGet(() -> jobs.enqueue(wanted))));
    }

    /** The answer to a request was lost, so it is sent again. */
    boolean requestAgain() {
        if (sent.isEmpty()) {
            return false;
        }
        var earlier = world.any(sent);
        return asked("again", () -> {
            var job = submit(earlier.wanted());
            if (!job.id().equals(earlier.job().id)) {
                world.rules.broke("a repeated request gets the same job", earlier.job());
            }
            return job;
        });
    }

    boolean cancel() {
        return act("cancel", id -> jobs.cancel(id, "me"));
    }

    boolean resolve() {
        var stalled = world.open().stream().filter(job -> job.in("stalled")).toList();
        if (stalled.isEmpty()) {
            return act("resolve", id -> jobs.resolve(id, "me"));
        }
        var job = world.any(stalled);
        return asked("resolve", () -> jobs.resolve(job.id, "me"));
    }

    boolean retry() {
        if (world.jobs.isEmpty()) {
            return false;
        }
        int newest = Math.min(60, world.jobs.size());
        var job = world.jobs.get(world.jobs.size() - 1 - world.random.nextInt(newest));
        return asked("retry", () -> jobs.retry(job.id, new Requester("me", null)));
    }

    /** The pause before a repeat is over. */
    boolean timePasses() {
        int rows = world.open().stream()
                .mapToInt(job -> world.jdbc
                        .sql(
                                "UPDATE job SET not_before = now() - interval '1 ms' WHERE id = :id AND not_before > now()")
                        .param("id", job.id)
                        .update())
                .sum();
        world.did("time passes " + rows);
        return rows > 0;
    }

    /** The database is the last to refuse: what no use case would do is tried behind their backs. */
    boolean rogue() {
        var holding = world.open().stream()
                .filter(job -> job.site != null && job.look != null && job.look.exclusive())
                .toList();
        if (holding.isEmpty()) {
            return false;
        }
        var job = world.any(holding);
        var site =
                world.sites.stream().filter(each -> each.id().equals(job.site)).findFirst();
        if (site.isEmpty()) {
            return false;
        }
        try {
            workers.writeBlindly(
                    world.id("job", 12), forSite(ModelTypes.DEPLOY, site.get(), new Requester("rogue", null)));
        } catch (DuplicateKeyException refused) {
            world.did("second job refused", job, false);
            return takeBack(job);
        }
        world.did("second job taken", job, false);
        return true;
    }

    private boolean takeBack(ModelJob job) {
        try {
            world.jdbc
                    .sql("UPDATE fence SET token = token - 1 WHERE site_id = :site")
                    .param("site", job.site)
                    .update();
            world.rules.broke("a token is not taken back", job);
        } catch (DataIntegrityViolationException refused) {
            world.did("smaller token refused");
        }
        return true;
    }

    private boolean act(String what, java.util.function.Function<String, Job> action) {
        var job = world.openOrOld(world.chance(20));
        return job != null && asked(what, () -> action.apply(job.id));
    }

    private boolean asked(String what, Supplier<Job> request) {
        try {
            world.did(what, world.known(Objects.requireNonNull(request.get())), false);
        } catch (CodedException refused) {
            world.did(what + " refused: " + refused.code());
        }
        return true;
    }
}
