package io.pressluft.controlplane.job;

import io.pressluft.controlplane.dashboard.Names;
import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import io.pressluft.controlplane.dashboard.Words;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
@RequestMapping("/jobs")
class JobPages {

    private static final int SHOWN = 100;
    private static final String ATTENTION = "attention";
    /** As much of the log's end as a page can carry without becoming slow. */
    private static final int LOG_SHOWN = 64 << 10;

    private final Jobs jobs;
    private final JobRecorder recorder;
    private final Requesters requesters;
    private final Names names;
    private final Pages pages;

    JobPages(Jobs jobs, JobRecorder recorder, Requesters requesters, Names names, Pages pages) {
        this.jobs = jobs;
        this.recorder = recorder;
        this.requesters = requesters;
        this.names = names;
        this.pages = pages;
    }

    @GetMapping
    ResponseEntity<String> list(HttpServletRequest request, @RequestParam @Nullable String state) {
        boolean attention = ATTENTION.equals(state);
        var wanted = Arrays.stream(JobState.values())
                .filter(one -> one.text().equals(state))
                .findFirst()
                .orElse(null);
        var listed = jobs.views(jobs.list(new JobFilter(null, null, wanted, attention), SHOWN));
        var ids = listed.stream().flatMap(job -> ids(job.siteId(), job.nodeId()));
        return pages.show(
                request,
                Page.of(Section.JOBS, "Jobs", "jobs/list")
                        .with("jobs", listed)
                        .with("names", names.of(ids))
                        .with("state", wanted == null ? attention ? ATTENTION : "" : wanted.text()));
    }

    @GetMapping("/{id}")
    ResponseEntity<String> show(HttpServletRequest request, @PathVariable String id) {
        var job = jobs.get(id);
        // Steps are read after the state, so that an ended job shows all of them.
        var steps = recorder.steps(id);
        return pages.show(
                request,
                Page.of(Section.JOBS, Words.jobType(job.type()), "jobs/show")
                        .with("job", jobs.view(job, repeat(id), steps))
                        .with("steps", steps)
                        .with("live", !job.state().terminal())
                        .with("names", names.of(ids(job.siteId(), job.nodeId())))
                        .with("log", endOf(recorder.log(id)))
                        .with(
                                "stalled",
                                job.stallReason() == null
                                        ? ""
                                        : job.stallReason().sentence()));
    }

    private @Nullable String repeat(String id) {
        return jobs.repeat(id).map(Job::id).orElse(null);
    }

    @PostMapping("/{id}/retry")
    ResponseEntity<String> retry(@PathVariable String id, Principal who) {
        return Pages.redirect(
                "/jobs/" + jobs.retry(id, requesters.of(who, null)).id());
    }

    @PostMapping("/{id}/cancel")
    ResponseEntity<String> cancel(@PathVariable String id, Principal who) {
        return Pages.redirect(
                "/jobs/" + jobs.cancel(id, requesters.of(who, null).name()).id());
    }

    @PostMapping("/{id}/resolve")
    ResponseEntity<String> resolve(@PathVariable String id, Principal who) {
        return Pages.redirect(
                "/jobs/" + jobs.resolve(id, requesters.of(who, null).name()).id());
    }

    private static Stream<String> ids(@Nullable String siteId, @Nullable String nodeId) {
        return Stream.concat(Stream.ofNullable(siteId), Stream.ofNullable(nodeId));
    }

    private static String endOf(byte[] log) {
        int from = Math.max(0, log.length - LOG_SHOWN);
        var text = new String(log, from, log.length - from, StandardCharsets.UTF_8);
        int line = text.indexOf('\n');
        return from == 0 || line < 0 ? text : text.substring(line + 1);
    }
}
