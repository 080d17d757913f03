package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.job.AgentJobs;
import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobLife;
import io.pressluft.controlplane.job.JobPart;
import io.pressluft.controlplane.job.JobRecorder;
import io.pressluft.controlplane.job.JobState;
import io.pressluft.controlplane.job.JobStep;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.PartState;
import io.pressluft.controlplane.job.ShownText;
import io.pressluft.controlplane.job.StallReason;
import io.pressluft.protocol.v1.JobAnswer;
import io.pressluft.protocol.v1.JobInHand;
import io.pressluft.protocol.v1.LogChunk;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.PhaseReport;
import io.pressluft.protocol.v1.Step;
import io.pressluft.protocol.v1.ToAgent;
import io.pressluft.protocol.v1.Verdict;
import io.pressluft.protocol.v1.Welcome;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What an agent's messages mean for its jobs. An agent can only see and report jobs of its own node. */
@Component
class AgentWork {

    private static final Logger log = LoggerFactory.getLogger(AgentWork.class);

    /** More than any playbook has; below the ordinals of the control plane's own steps. */
    private static final int MOST_STEPS = 10_000;

    private static final Set<String> OUTCOMES = Set.of("running", "ok", "changed", "failed", "skipped");

    private final Jobs jobs;
    private final JobLife life;
    private final AgentJobs agentJobs;
    private final JobRecorder recorder;
    private final Offers offers;
    private final Proofs proofs;
    private final AgentSettings settings;

    AgentWork(
            Jobs jobs,
            JobLife life,
            AgentJobs agentJobs,
            JobRecorder recorder,
            Offers offers,
            Proofs proofs,
            AgentSettings settings) {
        this.jobs = jobs;
        this.life = life;
        this.agentJobs = agentJobs;
        this.recorder = recorder;
        this.offers = offers;
        this.proofs = proofs;
        this.settings = settings;
    }

    Map<String, Long> tokensOn(String nodeId) {
        return agentJobs.tokensOn(nodeId);
    }

    /** Said first on a stream, and again when a token has gone up meanwhile. */
    ToAgent welcome(String nodeId) {
        return ToAgent.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setHeartbeatMs(settings.heartbeat().toMillis())
                        .setLeaseMs(settings.lease().toMillis())
                        .putAllTokens(tokensOn(nodeId)))
                .build();
    }

    List<Job> inHand(String nodeId) {
        return agentJobs.inHand(nodeId);
    }

    /** Whether jobs of the type count with the exclusive ones. */
    boolean exclusive(String type) {
        return agentJobs.exclusive(type);
    }

    Optional<ToAgent> take(String nodeId, String jobId) {
        return life.dispatch(jobId, nodeId, settings.parallelJobs()).map(job -> offers.of(job, nodeId));
    }

    /** The first word of a stream: what the agent does not know of any more is lost. */
    void greeted(String nodeId, List<JobInHand> inHand, Consumer<ToAgent> send) {
        var known = inHand.stream().map(JobInHand::getJobId).collect(Collectors.toSet());
        for (var job : agentJobs.inHand(nodeId)) {
            boolean begun = job.partOn(nodeId)
                    .map(part -> part.state() != PartState.DISPATCHED)
                    .orElse(false);
            if (begun && !known.contains(job.id())) {
                life.stalled(job.id(), StallReason.AGENT_LOST_IT);
            }
        }
        resume(nodeId, inHand, send);
    }

    /** Repeats what the agent may have missed, and nothing that it has. */
    void resume(String nodeId, List<JobInHand> inHand, Consumer<ToAgent> send) {
        var known = inHand.stream().collect(Collectors.toMap(JobInHand::getJobId, job -> job));
        var held = agentJobs.inHand(nodeId);
        var over = workedOnAndNotHeld(held, inHand)
                .filter(id -> endedWithout(nodeId, id))
                .toList();
        recall(nodeId, over, send);
        for (var job : held) {
            var part = job.partOn(nodeId).orElseThrow();
            var hand = known.get(job.id());
            if (hand == null) {
                if (part.state() == PartState.DISPATCHED) {
                    send.accept(offers.of(job, nodeId));
                }
                continue;
            }
            if (job.verdict() != null) {
                send.accept(verdict(job.id(), job.verdict()));
            } else if (hand.getPhase() == Phase.APPLY && hand.getFinished() && awaited(job)) {
                proofs.start(job);
            } else if (job.state() == JobState.STALLED && !overdue(job)) {
                life.revived(job.id(), settings.silence());
            }
        }
    }

    /**
     * Has the agent let go of jobs that have ended here without it. The tokens come first: where they reach, nothing more is
     * done, not even to undo.
     */
    void recall(String nodeId, List<String> jobIds, Consumer<ToAgent> send) {
        if (!jobIds.isEmpty()) {
            send.accept(welcome(nodeId));
            jobIds.forEach(id -> send.accept(verdict(id, "undo")));
        }
    }

    /** What the agent says it is at and does not have in hand here; undoing, or done and about to say so, is no work. */
    private static Stream<String> workedOnAndNotHeld(List<Job> held, List<JobInHand> named) {
        var ids = held.stream().map(Job::id).collect(Collectors.toSet());
        return named.stream()
                .filter(hand -> switch (hand.getPhase()) {
                    case APPLY -> true;
                    case COMMIT -> !hand.getFinished();
                    case UNDO, PHASE_UNSPECIFIED, UNRECOGNIZED -> false;
                })
                .map(JobInHand::getJobId)
                .filter(id -> !ids.contains(id));
    }

    private boolean endedWithout(String nodeId, String jobId) {
        return jobs.find(jobId)
                .flatMap(job -> job.partOn(nodeId))
                .map(JobPart::state)
                .filter(state -> state == PartState.UNDONE || state == PartState.UNDO_FAILED)
                .isPresent();
    }

    /** A job past its time stays stalled until its report comes, however alive its agent is. */
    private boolean overdue(Job job) {
        return agentJobs.left(job).plus(settings.overdue()).isNegative();
    }

    /** Whether all of the job is applied, so that it waits for the verdict. */
    private boolean awaited(Job job) {
        return job.state() == JobState.VERIFYING || (job.state() == JobState.STALLED && life.awaited(job.id()));
    }

    /**
     * Whether the agent is to be told something once more: of a job that was given up as silent, decided on or not yet
     * proved, that it does not know of although it was handed out, or that it goes on with although it has ended.
     */
    static boolean toRepeat(String nodeId, List<Job> inHand, List<JobInHand> known) {
        return workedOnAndNotHeld(inHand, known).findAny().isPresent()
                || inHand.stream()
                        .anyMatch(job -> job.state() == JobState.STALLED
                                || job.state() == JobState.VERIFYING
                                || job.verdict() != null
                                || unheardOf(nodeId, job, known));
    }

    private static boolean unheardOf(String nodeId, Job job, List<JobInHand> known) {
        return job.partOn(nodeId).map(JobPart::state).orElse(null) == PartState.DISPATCHED
                && known.stream().noneMatch(one -> one.getJobId().equals(job.id()));
    }

    /** @return whether the agent has the job in hand */
    boolean answered(String nodeId, JobAnswer answer) {
        var id = answer.getJobId();
        if (foreign(nodeId, id)) {
            return false;
        }
        if (answer.getAccepted()) {
            life.running(id, nodeId);
            return true;
        }
        life.refused(
                id,
                nodeId,
                JobFailure.of(
                        ErrorCode.ofFailure(answer.getCode()),
                        sentence(answer.getMessage(), "The agent refused the job."),
                        null));
        return false;
    }

    void step(String nodeId, Step step) {
        if (step.getOrdinal() < 1 || step.getOrdinal() > MOST_STEPS || !OUTCOMES.contains(step.getOutcome())) {
            log.warn("node={} spoke of a step that cannot be", nodeId);
            return;
        }
        own(nodeId, step.getJobId())
                .ifPresent(part -> recorder.step(
                        step.getJobId(),
                        new JobStep(
                                part.part(),
                                step.getOrdinal(),
                                step.getPhase() == Phase.PHASE_UNSPECIFIED
                                        ? "work"
                                        : step.getPhase().name().toLowerCase(Locale.ROOT),
                                step.getName(),
                                step.getOutcome(),
                                Instant.ofEpochMilli(step.getStartedEpochMs()),
                                step.getOutcome().equals("running") ? null : step.getDurationMs(),
                                emptyAsNull(step.getCode()),
                                emptyAsNull(step.getMessage()))));
    }

    void log(String nodeId, LogChunk chunk) {
        own(nodeId, chunk.getJobId())
                .ifPresent(part -> recorder.log(
                        chunk.getJobId(),
                        part.part(),
                        chunk.getOffset(),
                        chunk.getContent().toByteArray()));
    }

    /** @return whether the agent is done with the job */
    boolean reported(String nodeId, PhaseReport report) {
        if (foreign(nodeId, report.getJobId())) {
            return true;
        }
        var id = report.getJobId();
        life.running(id, nodeId); // the acceptance may have been lost
        return switch (report.getPhase()) {
            case APPLY -> {
                if (life.applied(id, nodeId, ShownText.values(report.getOutputsMap())) || undecided(id)) {
                    proofs.start(jobs.get(id));
                }
                yield false;
            }
            case COMMIT -> {
                if (report.getSucceeded()) {
                    life.committed(id, nodeId);
                } else {
                    life.undone(id, nodeId, failure(id, report), false);
                }
                yield true;
            }
            case UNDO -> {
                life.undone(id, nodeId, failure(id, report), report.getSucceeded());
                yield true;
            }
            case PHASE_UNSPECIFIED, UNRECOGNIZED -> {
                log.warn("job={} report of an unknown phase", id);
                yield false;
            }
        };
    }

    private boolean undecided(String id) {
        var job = jobs.get(id);
        return job.state() == JobState.VERIFYING && job.verdict() == null;
    }

    private JobFailure failure(String id, PhaseReport report) {
        boolean tooLate = report.getPhase() == Phase.UNDO
                && report.getSucceeded()
                && "commit".equals(jobs.get(id).verdict());
        var code = tooLate ? ErrorCode.VERDICT_TOO_LATE : ErrorCode.ofFailure(report.getCode());
        return JobFailure.of(
                code,
                sentence(report.getMessage(), "The change could not be applied."),
                emptyAsNull(report.getFailingStep()));
    }

    private boolean foreign(String nodeId, String jobId) {
        return own(nodeId, jobId).isEmpty();
    }

    private Optional<JobPart> own(String nodeId, String jobId) {
        var own = jobs.find(jobId).flatMap(job -> job.partOn(nodeId));
        if (own.isEmpty()) {
            log.warn("node={} spoke of a job that is not its own", nodeId);
        }
        return own;
    }

    static ToAgent verdict(String jobId, String verdict) {
        return ToAgent.newBuilder()
                .setVerdict(Verdict.newBuilder()
                        .setJobId(jobId)
                        .setPhase(verdict.equals("commit") ? Phase.COMMIT : Phase.UNDO))
                .build();
    }

    private static @Nullable String emptyAsNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String sentence(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }
}
