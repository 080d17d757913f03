package io.pressluft.controlplane.site;

import io.pressluft.controlplane.dashboard.Form;
import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import io.pressluft.controlplane.dashboard.Words;
import io.pressluft.controlplane.environment.Environment;
import io.pressluft.controlplane.environment.Environments;
import io.pressluft.controlplane.environment.LoginLinks;
import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.job.JobFilter;
import io.pressluft.controlplane.job.JobView;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.Requesters;
import io.pressluft.controlplane.node.NodeViews;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
@RequestMapping("/sites")
class SitePages {

    private static final int JOBS_SHOWN = 20;

    private final Sites sites;
    private final Environments environments;
    private final LoginLinks links;
    private final NodeViews nodes;
    private final Jobs jobs;
    private final Requesters requesters;
    private final Pages pages;

    SitePages(
            Sites sites,
            Environments environments,
            LoginLinks links,
            NodeViews nodes,
            Jobs jobs,
            Requesters requesters,
            Pages pages) {
        this.sites = sites;
        this.environments = environments;
        this.links = links;
        this.nodes = nodes;
        this.jobs = jobs;
        this.requesters = requesters;
        this.pages = pages;
    }

    @GetMapping
    ResponseEntity<String> list(HttpServletRequest request) {
        var bySite = environments.all().stream().collect(Collectors.groupingBy(Environment::siteId));
        var listed = sites.list().stream()
                .map(site -> SiteView.of(site, bySite.getOrDefault(site.id(), List.of())))
                .toList();
        var newest = new HashMap<String, JobView>();
        for (var site : listed) {
            if (!site.state().equals("active")) {
                jobsOf(site.id()).stream().findFirst().ifPresent(job -> newest.put(site.id(), job));
            }
        }
        return pages.show(
                request,
                Page.of(Section.SITES, "Sites", "sites/list")
                        .with("sites", listed)
                        .with("jobs", newest)
                        .with("nodes", listed.isEmpty() ? nodes.known() : List.of()));
    }

    @GetMapping("/new")
    ResponseEntity<String> fresh(HttpServletRequest request) {
        return pages.show(request, newPage(Form.of(Map.of("adminUser", "admin"))));
    }

    private Page newPage(Form form) {
        return Page.of(Section.SITES, "Create site", "sites/new")
                .with("form", form)
                .with("nodes", nodes.known());
    }

    @PostMapping
    ResponseEntity<String> create(
            HttpServletRequest request, @RequestParam Map<String, String> entered, Principal who) {
        var form = Form.of(entered);
        try {
            var wanted = new SiteRequest(
                            form.entered("slug"),
                            form.entered("title"),
                            form.entered("nodeId"),
                            form.entered("adminUser"),
                            form.entered("adminEmail"),
                            null)
                    .checked();
            var made = sites.create(wanted, requesters.of(who, null));
            return Pages.redirect("/jobs/" + made.job().id());
        } catch (CodedException refusal) {
            var refused = form.refused(refusal);
            var shown = refusal.code() == ErrorCode.SLUG_TAKEN
                    ? refused.wrong("slug", "Another site has this name.")
                    : refused;
            return pages.show(request, newPage(shown).status(refusal.code().httpStatus()));
        }
    }

    @GetMapping("/{id}")
    ResponseEntity<String> show(HttpServletRequest request, @PathVariable String id) {
        return pages.show(request, page(sites.get(id), Form.empty()));
    }

    private Page page(Site site, Form form) {
        var ofSite = jobsOf(site.id());
        var newest = ofSite.stream()
                .filter(job -> !job.type().equals("login_create"))
                .findFirst()
                .orElse(null);
        return Page.of(Section.SITES, site.title(), "sites/show")
                .with("site", SiteView.of(site, environments.ofSite(site.id())))
                .with("newest", newest)
                .with("jobs", ofSite)
                .with("form", form);
    }

    private List<JobView> jobsOf(String siteId) {
        return jobs.views(jobs.list(JobFilter.ofSite(siteId), JOBS_SHOWN));
    }

    @PostMapping("/{id}/delete")
    ResponseEntity<String> delete(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam Map<String, String> entered,
            Principal who) {
        var form = Form.of(entered);
        try {
            var confirm = form.value("confirm").strip();
            return Pages.redirect("/jobs/"
                    + sites.delete(id, confirm, requesters.of(who, null)).job().id());
        } catch (CodedException refusal) {
            return pages.show(
                    request,
                    page(sites.get(id), form.refused(refusal))
                            .status(refusal.code().httpStatus()));
        }
    }

    /**
     * Makes a one-time link and goes there. The way is a page that forwards, not a redirect: a browser holds a redirect
     * after a form to the policy's form-action, and that names this origin alone.
     */
    @PostMapping("/{id}/environments/{environmentId}/login")
    ResponseEntity<String> login(
            HttpServletRequest request, @PathVariable String id, @PathVariable String environmentId, Principal who)
            throws InterruptedException {
        var site = sites.get(id);
        var link = links.create(environmentId, requesters.of(who, null));
        return pages.showBare(
                request,
                Page.bare(Words.plain("opening WordPress"), "sites/opening")
                        .with("title", site.title())
                        .with("url", link.url()));
    }
}
