package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.job.AgentJobs;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.protocol.v1.ToAgent;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Proves applied changes from outside and decides: commit or undo. The first decision of a job stands. */
@Component
class Proofs {

    private static final Logger log = LoggerFactory.getLogger(Proofs.class);

    private final AgentJobs agentJobs;
    private final JobLife life;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Proofs(AgentJobs agentJobs, JobLife life) {
        this.agentJobs = agentJobs;
        this.life = life;
    }

    /** Returns at once; the verdict is recorded first and then sent. */
    void start(Job job, Consumer<ToAgent> send) {
        if (underWay.add(job.id())) {
            Thread.ofVirtual().name("proof-" + job.id()).start(() -> {
                try {
                    send.accept(AgentWork.verdict(job.id(), life.decide(job.id(), reasonAgainst(job))));
                } catch (RuntimeException e) {
                    log.error("job={} no verdict yet; the agent asks again or undoes at its deadline", job.id(), e);
                } finally {
                    underWay.remove(job.id());
                }
            });
        }
    }

    private Optional<JobFailure> reasonAgainst(Job job) {
        try {
            return agentJobs.prove(job);
        } catch (CodedException failed) {
            return Optional.of(JobFailure.of(failed, "Prove the change from outside"));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.of(JobFailure.of(
                    ErrorCode.PROOF_UNREACHABLE,
                    "The control plane stopped while it proved the change.",
                    "Prove the change from outside"));
        }
    }
}
