package io.pressluft.controlplane.harness;

import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.job.WorkerJobType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Work of the control plane that a test says line by line, by the id of its node. */
public final class ScriptedWork implements WorkerJobType {

    public static final String TYPE = "scripted_work";

    /** Longer than any honest step of a test, and shorter than a test's patience. */
    public static final Duration STEP = Duration.ofSeconds(3);

    /** What is done. */
    public interface Script {
        void run(Job job, WorkLog log) throws InterruptedException;
    }

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();

    /** What jobs of the node do from now on. */
    public void on(String nodeId, Script script) {
        scripts.put(nodeId, script);
    }

    @Override
    public JobTraits traits() {
        return JobTraits.shared(TYPE, Duration.ofMinutes(1), STEP);
    }

    @Override
    public void begin(Job job) {}

    @Override
    public void succeed(Job job) {}

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {}

    @Override
    public void run(Job job, WorkLog log) throws InterruptedException {
        scripts.getOrDefault(job.requireNodeId(), (any, nothing) -> {}).run(job, log);
    }
}
