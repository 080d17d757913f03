package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.job.AgentJobs;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.job.JobRecorder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The web as the control plane sees it: no page is looked at; what is to be proved is noted, and a test says the rest. */
final class ScriptedProofs extends Proofs {

    private final ThreadLocal<List<String>> started = ThreadLocal.withInitial(ArrayList::new);

    ScriptedProofs(AgentJobs agentJobs, JobLife life, JobRecorder recorder, Clock clock) {
        super(agentJobs, life, recorder, clock);
    }

    @Override
    void start(Job job) {
        started.get().add(job.id());
    }

    /** Jobs whose proof was asked for by this thread since the last call. */
    List<String> started() {
        var all = List.copyOf(started.get());
        started.get().clear();
        return all;
    }
}
