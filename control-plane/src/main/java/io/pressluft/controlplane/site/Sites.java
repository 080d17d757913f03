package io.pressluft.controlplane.site;

import io.pressluft.controlplane.artifact.ArtifactCache;
import io.pressluft.controlplane.environment.EnvironmentState;
import io.pressluft.controlplane.environment.Environments;
import io.pressluft.controlplane.environment.NewEnvironment;
import io.pressluft.controlplane.error.RequestException;
import io.pressluft.controlplane.id.Ids;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobException;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.controlplane.node.Node;
import io.pressluft.controlplane.node.Nodes;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Making, finding and removing sites. */
@Service
public class Sites {

    private final SiteStore store;
    private final Environments environments;
    private final Nodes nodes;
    private final Jobs jobs;
    private final PreviewAddress previews;
    private final Ids ids;
    private final Clock clock;
    private final TransactionTemplate transaction;

    Sites(
            SiteStore store,
            Environments environments,
            Nodes nodes,
            Jobs jobs,
            PreviewAddress previews,
            Ids ids,
            Clock clock,
            TransactionTemplate transaction) {
        this.store = store;
        this.environments = environments;
        this.nodes = nodes;
        this.jobs = jobs;
        this.previews = previews;
        this.ids = ids;
        this.clock = clock;
        this.transaction = transaction;
    }

    /** A site and the job that makes or removes it. */
    public record SiteJob(Site site, Job job) {}

    /**
     * Chooses a ready node, then writes site, production environment and job in one transaction.
     *
     * @throws io.pressluft.controlplane.error.CodedException before anything is written, when it cannot work
     */
    public SiteJob create(NewSite wanted, Requester requester) {
        var earlier = earlier(requester, wanted);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        if (store.slugInUse(wanted.slug())) {
            // By this very request, sent twice, perhaps: its job was written with the site.
            return earlier(requester, wanted).orElseThrow(() -> SiteException.slugTaken(wanted.slug()));
        }
        // The probe behind this takes up to seconds, so it comes before the transaction.
        var node = nodes.choose(wanted.nodeId());
        return transaction.execute(
                status -> earlier(requester, wanted).orElseGet(() -> write(wanted, node, requester)));
    }

    private Optional<SiteJob> earlier(Requester requester, NewSite wanted) {
        return jobs.repeatOf(requester, SiteCreate.TYPE, job -> asksFor(wanted, job))
                .map(job -> new SiteJob(get(job.requireSiteId()), job));
    }

    private boolean asksFor(NewSite wanted, Job job) {
        return job.retryOf() == null && get(job.requireSiteId()).slug().equals(wanted.slug());
    }

    private SiteJob write(NewSite wanted, Node node, Requester requester) {
        var siteId = ids.next("site");
        try {
            store.insert(siteId, wanted.slug(), wanted.title(), requester.name());
        } catch (DuplicateKeyException lostTheRace) {
            throw SiteException.slugTaken(wanted.slug());
        }
        var address = previews.of(wanted.slug(), siteId, node);
        var environment = new NewEnvironment(
                ids.nextEnvironment(),
                siteId,
                node.id(),
                "production",
                address.hostname(),
                address.url(),
                "writable",
                ids.hex(16),
                wanted.adminUser());
        environments.insert(environment);
        var job = jobs.enqueue(NewJob.forEnvironment(
                SiteCreate.TYPE,
                siteId,
                environment.id(),
                node.id(),
                payload(wanted, node, address, environment),
                requester));
        return new SiteJob(get(siteId), job);
    }

    private Map<String, Object> payload(
            NewSite wanted, Node node, PreviewAddress.Address address, NewEnvironment environment) {
        var limits = EnvironmentLimits.of(node);
        var payload = new LinkedHashMap<String, Object>();
        payload.put("site_id", environment.siteId());
        payload.put("environment_id", environment.id());
        payload.put("environment_hostname", address.hostname());
        payload.put("environment_url", address.url().toString());
        payload.put("environment_preview_port", address.previewPort());
        payload.put("environment_title", wanted.title());
        payload.put("environment_admin_user", wanted.adminUser());
        payload.put("environment_admin_email", wanted.adminEmail());
        payload.put("environment_locale", wanted.locale());
        payload.put("environment_identity", environment.identity());
        payload.put("environment_release", SiteCreate.releaseName(clock.instant()));
        payload.put("environment_wordpress_version", ArtifactCache.WORDPRESS_VERSION);
        payload.put("environment_web_stack", node.webStack());
        payload.put("environment_code_mode", environment.codeMode());
        payload.put("environment_memory_max_mb", limits.memoryMb());
        payload.put("environment_cpu_quota_percent", limits.cpuPercent());
        payload.put("environment_tasks_max", limits.tasks());
        payload.put("environment_php_children", limits.phpChildren());
        return payload;
    }

    /**
     * Removes the site and all its environments.
     *
     * @param confirm the site's slug, typed by whoever wants this
     */
    public SiteJob delete(String id, String confirm, Requester requester) {
        var site = get(id);
        var earlier = deletionAskedFor(id, requester);
        if (earlier.isPresent()) {
            return new SiteJob(site, earlier.get());
        }
        if (site.state() == EnvironmentState.DELETED) {
            throw SiteException.deleted(id);
        }
        if (!site.slug().equals(confirm)) {
            throw RequestException.invalid("confirm", "Must be the slug of the site.");
        }
        var environment = environments.ofSite(id).getFirst();
        var node = nodes.get(environment.nodeId());
        var wanted = NewJob.forEnvironment(
                SiteDelete.TYPE,
                id,
                environment.id(),
                environment.nodeId(),
                Map.of(
                        "site_id", id,
                        "environment_id", environment.id(),
                        "environment_web_stack", node.webStack()),
                requester);
        try {
            var job = jobs.submit(wanted);
            return new SiteJob(get(id), job);
        } catch (JobException | DuplicateKeyException busy) {
            // The same request, sent at the same moment, may be what keeps the site busy.
            return deletionAskedFor(id, requester)
                    .map(same -> new SiteJob(get(id), same))
                    .orElseThrow(() -> busy);
        }
    }

    private Optional<Job> deletionAskedFor(String id, Requester requester) {
        return jobs.repeatOf(requester, SiteDelete.TYPE, job -> id.equals(job.siteId()));
    }

    /** @throws SiteException when there is none */
    public Site get(String id) {
        return store.find(id).orElseThrow(() -> SiteException.notFound(id));
    }

    /** Those that are not deleted, newest first. */
    public List<Site> list() {
        return store.all();
    }
}
