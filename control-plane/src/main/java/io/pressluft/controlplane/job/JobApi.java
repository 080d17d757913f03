package io.pressluft.controlplane.job;

import io.pressluft.controlplane.error.FieldChecks;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@RequestMapping("/api/jobs")
class JobApi {

    private static final int LONGEST_LIST = 200;

    private final Jobs jobs;
    private final JobRecorder recorder;
    private final JobStream stream;
    private final Requesters requesters;

    JobApi(Jobs jobs, JobRecorder recorder, JobStream stream, Requesters requesters) {
        this.jobs = jobs;
        this.recorder = recorder;
        this.stream = stream;
        this.requesters = requesters;
    }

    @GetMapping
    Map<String, List<JobView>> list(
            @RequestParam @Nullable String siteId,
            @RequestParam @Nullable String nodeId,
            @RequestParam @Nullable String state,
            @RequestParam(defaultValue = "false") boolean attention,
            @RequestParam(defaultValue = "50") int limit) {
        new FieldChecks()
                .require(limit >= 1 && limit <= LONGEST_LIST, "limit", "Must be between 1 and 200.")
                .require(siteId == null || siteId.matches("site_[a-z0-9]{12}"), "siteId", "Must be the id of a site.")
                .require(nodeId == null || nodeId.matches("node_[a-z0-9]{12}"), "nodeId", "Must be the id of a node.")
                .require(state == null || known(state), "state", "Must be a state of a job.")
                .done();
        var wanted = state == null ? null : JobState.of(state);
        return Map.of("jobs", jobs.views(jobs.list(new JobFilter(siteId, nodeId, wanted, attention), limit)));
    }

    private static boolean known(String state) {
        return Arrays.stream(JobState.values()).anyMatch(one -> one.text().equals(state));
    }

    @GetMapping("/{id}")
    JobView show(@PathVariable String id) {
        var job = jobs.get(id);
        return jobs.view(job, repeat(id), recorder.steps(id));
    }

    private @Nullable String repeat(String id) {
        return jobs.repeat(id).map(Job::id).orElse(null);
    }

    @GetMapping("/{id}/log")
    ResponseEntity<String> log(@PathVariable String id) {
        jobs.get(id);
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(new String(recorder.log(id), StandardCharsets.UTF_8));
    }

    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
        jobs.get(id);
        return stream.open(id, position(lastEventId));
    }

    private static int position(@Nullable String lastEventId) {
        if (lastEventId == null || !lastEventId.matches("[0-9]{1,9}")) {
            return 0;
        }
        return Integer.parseInt(lastEventId);
    }

    @PostMapping("/{id}/cancel")
    @ResponseStatus(HttpStatus.ACCEPTED)
    JobView cancel(@PathVariable String id, Principal who) {
        return view(jobs.cancel(id, requesters.of(who, null).name()));
    }

    @PostMapping("/{id}/resolve")
    JobView resolve(@PathVariable String id, Principal who) {
        return view(jobs.resolve(id, requesters.of(who, null).name()));
    }

    private JobView view(Job job) {
        return jobs.view(job);
    }

    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    JobView retry(
            @PathVariable String id,
            Principal who,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return JobView.of(jobs.retry(id, requesters.of(who, key)));
    }
}
