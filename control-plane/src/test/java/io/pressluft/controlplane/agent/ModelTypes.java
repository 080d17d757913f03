package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.error.RequestException;
import io.pressluft.controlplane.job.AgentJobType;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.controlplane.job.RetryRule;
import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.job.WorkerJobType;
import io.pressluft.protocol.proof.FrontPageClaim;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Job types of a model beside the real ones: each moves real rows over the states of the design's table. */
final class ModelTypes {

    static final String DEPLOY = "model_deploy";
    static final String CHECK = "model_check";
    static final String REPROVISION = "model_reprovision";

    /** The state of site and environment while a job of the type is unfinished. */
    static final Map<String, String> WHILE =
            Map.of("site_create", "creating", "site_delete", "deleting", DEPLOY, "deploying");

    private static final Duration LONG = Duration.ofHours(2);

    private ModelTypes() {}

    /** Changes an active site; on one node, or on two. */
    record Deploy(Supplier<JdbcClient> jdbc) implements AgentJobType {

        @Override
        public JobTraits traits() {
            return JobTraits.exclusive(DEPLOY, LONG, LONG)
                    .retried(new RetryRule(Set.of(ErrorCode.RUN_LOST), 3, Duration.ofHours(1)));
        }

        @Override
        public void begin(Job job) {
            if (!move(job, "deploying", "('active', 'failed')")) {
                throw RequestException.invalid("site", "Is elsewhere.");
            }
        }

        @Override
        public void succeed(Job job) {
            require(move(job, "active", "('deploying')"), job);
        }

        @Override
        public void fail(Job job, JobFailure failure, boolean undone) {
            require(move(job, undone ? "active" : "failed", "('deploying')"), job);
        }

        @Override
        public Optional<FrontPageClaim> claim(Job job) {
            return Optional.empty();
        }

        @Override
        public Optional<JobFailure> prove(Job job) {
            return Optional.empty();
        }

        private boolean move(Job job, String to, String from) {
            return jdbc.get()
                                    .sql("UPDATE site SET state = :to WHERE id = :id AND state IN " + from)
                                    .param("to", to)
                                    .param("id", job.requireSiteId())
                                    .update()
                            + jdbc.get()
                                    .sql("UPDATE environment SET state = :to WHERE id = :id AND state IN " + from)
                                    .param("to", to)
                                    .param("id", job.requireEnvironmentId())
                                    .update()
                    == 2;
        }
    }

    /** Looks at a site and changes nothing. */
    record Check() implements AgentJobType {

        @Override
        public JobTraits traits() {
            return JobTraits.shared(CHECK, LONG, LONG);
        }

        @Override
        public void begin(Job job) {}

        @Override
        public void succeed(Job job) {}

        @Override
        public void fail(Job job, JobFailure failure, boolean undone) {}

        @Override
        public Optional<FrontPageClaim> claim(Job job) {
            return Optional.empty();
        }

        @Override
        public Optional<JobFailure> prove(Job job) {
            return Optional.empty();
        }
    }

    /** Has a node to itself, and is done by the control plane. */
    record Reprovision(Supplier<JdbcClient> jdbc) implements WorkerJobType {

        @Override
        public JobTraits traits() {
            return JobTraits.exclusive(REPROVISION, LONG, LONG);
        }

        @Override
        public void begin(Job job) {
            boolean again = move(job, "acquiring", "failed");
            if (!move(job, "provisioning", again ? "acquiring" : "ready")) {
                throw RequestException.invalid("node", "Is elsewhere.");
            }
        }

        @Override
        public void succeed(Job job) {
            require(move(job, "ready", "provisioning"), job);
        }

        @Override
        public void fail(Job job, JobFailure failure, boolean undone) {
            require(move(job, undone ? "ready" : "failed", "provisioning"), job);
        }

        @Override
        public void run(Job job, WorkLog log) {}

        private boolean move(Job job, String to, String from) {
            return jdbc.get()
                            .sql("UPDATE node SET state = :to WHERE id = :id AND state = :from")
                            .param("to", to)
                            .param("from", from)
                            .param("id", job.requireNodeId())
                            .update()
                    == 1;
        }
    }

    private static void require(boolean moved, Job job) {
        if (!moved) {
            throw new IllegalStateException("the resource of %s was not where its job had put it".formatted(job.id()));
        }
    }
}
