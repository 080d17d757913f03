package io.pressluft.controlplane.node;

import io.pressluft.controlplane.dashboard.Form;
import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.FieldChecks;
import io.pressluft.controlplane.id.Ids;
import io.pressluft.controlplane.job.JobFilter;
import io.pressluft.controlplane.job.JobRecorder;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.JobStep;
import io.pressluft.controlplane.job.JobView;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.Requesters;
import io.pressluft.controlplane.provider.NodeProvider;
import io.pressluft.controlplane.provider.NodeSource;
import io.pressluft.controlplane.provider.ProviderException;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
@RequestMapping("/nodes")
class NodePages {

    private static final int JOBS_SHOWN = 20;
    private static final Map<String, String> NEW_NODE = Map.of("provider", "nspawn", "memoryMb", "2048", "cpus", "2");

    private final Nodes nodes;
    private final NodeViews views;
    private final NodeReadiness readiness;
    private final NodeAcquisition acquisition;
    private final List<NodeProvider> providers;
    private final Jobs jobs;
    private final JobRecorder recorder;
    private final Requesters requesters;
    private final Ids ids;
    private final Pages pages;

    NodePages(
            Nodes nodes,
            NodeViews views,
            NodeReadiness readiness,
            NodeAcquisition acquisition,
            List<NodeProvider> providers,
            Jobs jobs,
            JobRecorder recorder,
            Requesters requesters,
            Ids ids,
            Pages pages) {
        this.nodes = nodes;
        this.views = views;
        this.readiness = readiness;
        this.acquisition = acquisition;
        this.providers = providers;
        this.jobs = jobs;
        this.recorder = recorder;
        this.requesters = requesters;
        this.ids = ids;
        this.pages = pages;
    }

    /** The page appears at once with what is known; its live part asks again with {@code fresh}. */
    @GetMapping
    ResponseEntity<String> list(HttpServletRequest request, @RequestParam @Nullable String fresh) {
        var listed = fresh == null ? views.known() : views.all();
        var newest = new HashMap<String, JobView>();
        var steps = new HashMap<String, JobStep>();
        for (var node : listed) {
            if (!node.state().equals(NodeState.READY.text())) {
                newestJob(node.id()).ifPresent(job -> {
                    newest.put(node.id(), job);
                    currentStep(job.id()).ifPresent(step -> steps.put(node.id(), step));
                });
            }
        }
        return pages.show(
                request,
                Page.of(Section.NODES, "Nodes", "nodes/list")
                        .with("nodes", listed)
                        .with("jobs", newest)
                        .with("steps", steps));
    }

    private Optional<JobView> newestJob(String nodeId) {
        return jobsOf(nodeId).stream()
                .filter(job ->
                        job.type().equals(NodeProvision.TYPE) || job.type().equals(NodeDecommission.TYPE))
                .findFirst();
    }

    private List<JobView> jobsOf(String nodeId) {
        return jobs.views(jobs.list(JobFilter.ofNode(nodeId), JOBS_SHOWN));
    }

    /** The step that runs, or else the last one that did. */
    private Optional<JobStep> currentStep(String jobId) {
        var steps = recorder.steps(jobId);
        return steps.reversed().stream()
                .filter(step -> step.outcome().equals("running"))
                .findFirst()
                .or(() -> steps.isEmpty() ? Optional.empty() : Optional.of(steps.getLast()));
    }

    @GetMapping("/new-local")
    ResponseEntity<String> newLocal(HttpServletRequest request) {
        return pages.show(request, newLocalPage(Form.of(NEW_NODE)));
    }

    private Page newLocalPage(Form form) {
        return Page.of(Section.NODES, "Create local node", "nodes/new-local")
                .with("form", form)
                .with("providers", names(NodeSource.LOCAL))
                .with("missing", missing());
    }

    private List<String> names(NodeSource source) {
        return providers.stream()
                .filter(provider -> provider.source() == source)
                .map(NodeProvider::name)
                .toList();
    }

    /** What keeps this host from running local nodes; absent when nothing does. */
    private @Nullable ErrorBody missing() {
        for (var provider : providers) {
            if (provider.source() == NodeSource.LOCAL) {
                try {
                    provider.requireAvailable();
                } catch (ProviderException incapable) {
                    return new ErrorBody(
                            incapable.code(),
                            Objects.requireNonNullElse(incapable.getMessage(), incapable.code()),
                            List.of(),
                            incapable.remediation());
                }
            }
        }
        return null;
    }

    @PostMapping
    ResponseEntity<String> create(
            HttpServletRequest request, @RequestParam Map<String, String> entered, Principal who) {
        var form = Form.of(entered);
        try {
            var made = nodes.create(wanted(form), requesters.of(who, null));
            return Pages.redirect("/jobs/" + made.job().id());
        } catch (CodedException refusal) {
            return pages.show(
                    request,
                    newLocalPage(form.refused(refusal)).status(refusal.code().httpStatus()));
        }
    }

    private NewNode wanted(Form form) {
        var memory = form.entered("memoryMb");
        var cpus = form.entered("cpus");
        new FieldChecks()
                .require(memory == null || memory.matches("[0-9]{1,6}"), "memoryMb", "Must be a whole number.")
                .require(cpus == null || cpus.matches("[0-9]{1,2}(\\.[0-9]{1,3})?"), "cpus", "Must be a number.")
                .done();
        return new NodeRequest(
                        form.entered("name"),
                        "local",
                        form.entered("provider"),
                        null,
                        memory == null ? null : Integer.valueOf(memory),
                        cpus == null ? null : Double.valueOf(cpus),
                        null,
                        null,
                        null,
                        null,
                        null)
                .checked(acquisition, ids);
    }

    @GetMapping("/{id}")
    ResponseEntity<String> show(
            HttpServletRequest request, @PathVariable String id, @RequestParam @Nullable String fresh) {
        return pages.show(request, page(nodes.get(id), fresh != null, Form.empty()));
    }

    private Page page(Node node, boolean fresh, Form form) {
        var view = fresh ? views.of(node) : views.known(node);
        return Page.of(Section.NODES, node.name(), "nodes/show")
                .with("node", view)
                .with("observedAt", observedAt(node))
                .with("jobs", jobsOf(node.id()))
                .with(
                        "step",
                        newestJob(node.id())
                                .filter(job -> !JobState.of(job.state()).terminal())
                                .flatMap(job -> currentStep(job.id()))
                                .orElse(null))
                .with("authorise", acquisition.authorisingCommand())
                .with("form", form);
    }

    private @Nullable String observedAt(Node node) {
        return readiness
                .newest(node.id())
                .map(seen -> seen.observedAt().toString())
                .orElse(null);
    }

    /** Looks at the machine now; takes up to 30 seconds when it is silent. */
    @PostMapping("/{id}/look")
    ResponseEntity<String> look(@PathVariable String id) {
        readiness.observe(nodes.get(id), true);
        return Pages.redirect("/nodes/" + id);
    }

    @PostMapping("/{id}/decommission")
    ResponseEntity<String> decommission(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam Map<String, String> entered,
            Principal who) {
        var node = nodes.get(id);
        var form = Form.of(entered);
        try {
            new FieldChecks()
                    .require(node.name().equals(form.entered("confirm")), "confirm", "Must be the name of the node.")
                    .done();
            return Pages.redirect("/jobs/"
                    + nodes.decommission(id, form.entered("abandon") != null, requesters.of(who, null))
                            .job()
                            .id());
        } catch (CodedException refusal) {
            return pages.show(
                    request,
                    page(node, false, form.refused(refusal))
                            .status(refusal.code().httpStatus()));
        }
    }
}
