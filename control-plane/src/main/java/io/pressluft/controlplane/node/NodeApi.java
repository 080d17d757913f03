package io.pressluft.controlplane.node;

import io.pressluft.controlplane.id.Ids;
import io.pressluft.controlplane.job.JobView;
import io.pressluft.controlplane.job.Requesters;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/nodes")
class NodeApi {

    private final Nodes nodes;
    private final NodeViews views;
    private final NodeReadiness readiness;
    private final NodeAcquisition acquisition;
    private final Requesters requesters;
    private final Ids ids;

    NodeApi(
            Nodes nodes,
            NodeViews views,
            NodeReadiness readiness,
            NodeAcquisition acquisition,
            Requesters requesters,
            Ids ids) {
        this.nodes = nodes;
        this.views = views;
        this.readiness = readiness;
        this.acquisition = acquisition;
        this.requesters = requesters;
        this.ids = ids;
    }

    record Started(NodeView node, JobView job) {}

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started create(
            @RequestBody NodeRequest body,
            Principal who,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return started(nodes.create(body.checked(acquisition, ids), requesters.of(who, key)));
    }

    @GetMapping
    Map<String, List<NodeView>> list() {
        return Map.of("nodes", views.all());
    }

    @GetMapping("/{id}")
    NodeView show(@PathVariable String id) {
        return views.of(nodes.get(id));
    }

    @GetMapping("/{id}/readiness")
    NodeReadiness.Observation readiness(
            @PathVariable String id, @RequestParam(defaultValue = "false") boolean refresh) {
        return readiness.observe(nodes.get(id), refresh);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started delete(
            @PathVariable String id,
            @RequestParam(defaultValue = "false") boolean abandon,
            Principal who,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        return started(nodes.decommission(id, abandon, requesters.of(who, key)));
    }

    private Started started(Nodes.NodeJob made) {
        return new Started(views.of(made.node()), JobView.of(made.job()));
    }
}
