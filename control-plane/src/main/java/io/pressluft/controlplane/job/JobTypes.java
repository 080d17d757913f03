package io.pressluft.controlplane.job;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/** The job types that the features have contributed, by name. */
@Component
class JobTypes {

    /** Looked up when first asked for, because the types themselves use jobs. */
    private final SingletonSupplier<Map<String, JobType>> contributed;

    JobTypes(ObjectProvider<List<JobType>> contributed) {
        this.contributed = SingletonSupplier.of(() -> contributed.getObject().stream()
                .collect(Collectors.toMap(type -> type.traits().name(), Function.identity())));
    }

    /** @throws IllegalStateException for a name that no feature contributes */
    JobType named(String name) {
        var type = contributed.obtain().get(name);
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

    /** What the types declare whose jobs the control plane does itself. */
    List<JobTraits> ofWorkers() {
        return contributed.obtain().values().stream()
                .filter(WorkerJobType.class::isInstance)
                .map(JobType::traits)
                .toList();
    }

    /** Names of those whose jobs belong to other jobs. */
    List<String> ofParts() {
        return contributed.obtain().values().stream()
                .map(JobType::traits)
                .filter(JobTraits::part)
                .map(JobTraits::name)
                .toList();
    }
}
