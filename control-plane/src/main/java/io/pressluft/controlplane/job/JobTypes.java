package io.pressluft.controlplane.job;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The job types that the features have contributed, by name. */
@Component
class JobTypes {

    private final ObjectProvider<List<JobType>> contributed;

    JobTypes(ObjectProvider<List<JobType>> contributed) {
        this.contributed = contributed;
    }

    /** @throws IllegalStateException for a name that no feature contributes */
    JobType named(String name) {
        var type = all().get(name);
        if (type == null) {
            throw new IllegalStateException("no feature contributes job type " + name);
        }
        return type;
    }

    /** The Redis stream on which a job of {@code type} is announced. */
    String streamOf(String type, String nodeId) {
        return switch (named(type)) {
            case WorkerJobType worker -> JobQueue.WORKERS;
            case AgentJobType agent -> JobQueue.streamOf(nodeId);
        };
    }

    private Map<String, JobType> all() {
        return contributed.getObject().stream()
                .collect(Collectors.toMap(type -> type.traits().name(), Function.identity()));
    }
}
