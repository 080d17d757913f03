package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.job.AgentJobs;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.job.JobRecorder;
import io.pressluft.controlplane.job.JobStep;
import io.pressluft.protocol.time.Elapsed;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Proves applied changes from outside and decides: commit or undo. The first decision of a job stands. */
@Component
class Proofs {

    private static final String STEP = "Prove the front page from outside";

    /** Far above the ordinals of an agent's own steps; the list is in the order of arrival. */
    private static final int ORDINAL = 1_000_000;

    private static final Logger log = LoggerFactory.getLogger(Proofs.class);

    private final AgentJobs agentJobs;
    private final JobLife life;
    private final JobRecorder recorder;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Proofs(AgentJobs agentJobs, JobLife life, JobRecorder recorder, Clock clock) {
        this.agentJobs = agentJobs;
        this.life = life;
        this.recorder = recorder;
        this.clock = clock;
    }

    /** Returns at once; the decision is recorded first, and then told to every agent that has a part of the job. */
    void start(Job job) {
        if (underWay.add(job.id())) {
            Thread.ofVirtual().name("proof-" + job.id()).start(() -> {
                try {
                    life.decide(job.id(), watched(job));
                } catch (RuntimeException e) {
                    log.error("job={} no verdict yet; the agent asks again or undoes at its deadline", job.id(), e);
                } finally {
                    underWay.remove(job.id());
                }
            });
        }
    }

    private Optional<JobFailure> watched(Job job) {
        var started = clock.instant();
        record(job, new JobStep(0, ORDINAL, "prove", STEP, "running", started, null, null, null));
        var proving = Elapsed.begin();
        var reason = reasonAgainst(job);
        var took = proving.time().toMillis();
        record(
                job,
                reason.map(failure -> new JobStep(
                                0, ORDINAL, "prove", STEP, "failed", started, took, failure.code(), failure.message()))
                        .orElseGet(() -> new JobStep(0, ORDINAL, "prove", STEP, "ok", started, took, null, null)));
        return reason;
    }

    /** Jobs that serve nothing have nothing to prove from outside, and no step for it. */
    private void record(Job job, JobStep step) {
        if (agentJobs.claim(job).isPresent()) {
            recorder.step(job.id(), step);
        }
    }

    private Optional<JobFailure> reasonAgainst(Job job) {
        try {
            return agentJobs.prove(job);
        } catch (CodedException failed) {
            return Optional.of(JobFailure.of(failed, STEP));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.of(JobFailure.of(
                    ErrorCode.PROOF_UNREACHABLE, "The control plane stopped while it proved the change.", STEP));
        }
    }
}
