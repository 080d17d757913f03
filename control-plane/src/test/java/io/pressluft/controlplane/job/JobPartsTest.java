package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.ControlPlaneTest;
import io.pressluft.controlplane.harness.Rows;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A job with parts on two nodes is one job: it ends once, for both, and only together. */
@ControlPlaneTest
class JobPartsTest {

    private static final int MOST = 2;
    private static final Duration SILENCE = Duration.ofHours(1);

    private final Jobs jobs;
    private final JobLife life;
    private final ScriptedChange change;
    private final JobRecorder recorder;
    private final Rows rows;
    private final SampleJobs sample;
    private SampleJobs.Place place;
    private String target;
    private String source;
    private String job;

    JobPartsTest(RunningControlPlane app) {
        this.jobs = app.bean(Jobs.class);
        this.life = app.bean(JobLife.class);
        this.change = app.bean(ScriptedChange.class);
        this.recorder = app.bean(JobRecorder.class);
        this.rows = app.rows();
        this.sample = new SampleJobs(app);
    }

    @BeforeEach
    void write() {
        place = sample.place();
        target = place.node();
        source = rows.nodeInState("ready");
        job = copy(place, source).id();
    }

    @Test
    void both_parts_wait_at_first() {
        assertThat(states()).containsExactly(PartState.WAITING, PartState.WAITING);
    }

    @Test
    void each_node_takes_its_own_part_once() {
        assertThat(life.dispatch(job, target, MOST)).isPresent();
        assertThat(life.dispatch(job, target, MOST)).isEmpty();
        assertThat(life.dispatch(job, source, MOST)).isPresent();
    }

    @Test
    void a_part_is_taken_while_the_other_one_runs_already() {
        begin(target);
        assertThat(life.dispatch(job, source, MOST)).isPresent();
    }

    @Test
    void the_change_waits_for_its_proof_once_both_parts_are_applied() {
        begin(target);
        begin(source);
        assertThat(life.applied(job, target, Map.of())).isFalse();
        assertThat(life.applied(job, source, Map.of())).isTrue();
        assertThat(state()).isEqualTo(JobState.VERIFYING);
    }

    @Test
    void the_job_succeeds_once_both_parts_are_committed() {
        apply();
        life.decide(job, Optional.empty());
        life.committed(job, source);
        assertThat(state()).isEqualTo(JobState.VERIFYING);
        life.committed(job, target);
        assertThat(state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(change.endOf(place.site())).isEqualTo("succeeded");
    }

    @Test
    void nothing_is_committed_before_the_decision() {
        apply();
        assertThat(life.committed(job, source)).isFalse();
    }

    @Test
    void a_part_that_fails_decides_against_the_other_one() {
        begin(target);
        begin(source);
        life.undone(job, source, SampleJobs.FAILURE, true);
        assertThat(jobs.get(job).verdict()).isEqualTo("undo");
        assertThat(state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void the_job_fails_once_both_parts_are_undone() {
        begin(target);
        begin(source);
        life.undone(job, source, SampleJobs.FAILURE, true);
        life.undone(job, target, new JobFailure("job_cancelled", "Told to.", null, "Nothing."), true);
        assertThat(state()).isEqualTo(JobState.FAILED);
        assertThat(change.endOf(place.site())).isEqualTo("undone");
    }

    @Test
    void the_first_failure_is_the_jobs() {
        begin(target);
        begin(source);
        life.undone(job, source, SampleJobs.FAILURE, true);
        life.undone(job, target, new JobFailure("disk_full", "Later.", null, "Free it."), true);
        assertThat(Objects.requireNonNull(jobs.get(job).failure()).code()).isEqualTo(SampleJobs.FAILURE.code());
    }

    @Test
    void one_part_that_cannot_be_undone_makes_the_change_half() {
        begin(target);
        begin(source);
        life.undone(job, source, SampleJobs.FAILURE, false);
        life.undone(job, target, SampleJobs.FAILURE, true);
        assertThat(change.endOf(place.site())).isEqualTo("half");
    }

    @Test
    void a_part_that_never_began_is_undone_with_the_other_one() {
        begin(target);
        life.undone(job, target, SampleJobs.FAILURE, true);
        assertThat(states()).containsExactly(PartState.UNDONE, PartState.UNDONE);
        assertThat(state()).isEqualTo(JobState.FAILED);
        assertThat(life.dispatch(job, source, MOST)).isEmpty();
    }

    @Test
    void a_part_that_was_undone_although_it_was_to_be_committed_makes_the_change_half() {
        apply();
        life.decide(job, Optional.empty());
        life.undone(job, target, new JobFailure("verdict_too_late", "Too late.", null, "Retry."), true);
        life.committed(job, source);
        assertThat(state()).isEqualTo(JobState.FAILED);
        assertThat(change.endOf(place.site())).isEqualTo("half");
    }

    @Test
    void a_refusal_of_the_first_part_rejects_the_job() {
        life.dispatch(job, target, MOST);
        life.refused(job, target, SampleJobs.FAILURE);
        assertThat(state()).isEqualTo(JobState.REJECTED);
        assertThat(states()).containsExactly(PartState.UNDONE, PartState.UNDONE);
    }

    @Test
    void a_refusal_while_the_other_part_runs_undoes_that_one() {
        begin(target);
        life.dispatch(job, source, MOST);
        life.refused(job, source, SampleJobs.FAILURE);
        assertThat(jobs.get(job).verdict()).isEqualTo("undo");
        life.undone(job, target, SampleJobs.FAILURE, true);
        assertThat(state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void cancelling_gives_up_the_part_that_waits() {
        begin(target);
        jobs.cancel(job, "me");
        assertThat(states()).containsExactly(PartState.RUNNING, PartState.UNDONE);
        life.undone(job, target, SampleJobs.FAILURE, true);
        assertThat(state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void resolving_ends_every_part() {
        begin(target);
        life.stalled(job, StallReason.AGENT_SILENT);
        jobs.resolve(job, "me");
        assertThat(states()).containsExactly(PartState.UNDO_FAILED, PartState.UNDONE);
    }

    @Test
    void the_job_is_found_over_either_of_its_nodes() {
        assertThat(jobs.list(JobFilter.ofNode(target), 10)).extracting(Job::id).containsExactly(job);
        assertThat(jobs.list(JobFilter.ofNode(source), 10)).extracting(Job::id).containsExactly(job);
    }

    @Test
    void a_retry_has_both_parts_again() {
        begin(target);
        life.undone(job, target, SampleJobs.FAILURE, true);
        var retry = jobs.retry(job, new Requester("me", null));
        assertThat(retry.parts()).extracting(JobPart::nodeId).containsExactly(target, source);
    }

    @Test
    void a_node_has_no_more_parts_in_hand_than_it_may() {
        life.dispatch(job, target, MOST);
        for (int i = 0; i < MOST; i++) {
            var other = sample.place();
            life.dispatch(copy(other, target).id(), target, MOST);
        }
        assertThat(life.dispatch(copy(sample.place(), target).id(), target, MOST))
                .isEmpty();
    }

    @Test
    void shared_jobs_that_stand_still_leave_exclusive_ones_their_room() {
        for (int i = 0; i < MOST; i++) {
            var login = sample.shared(place).id();
            assertThat(life.dispatch(login, target, MOST)).isPresent();
            life.stalled(login, StallReason.AGENT_SILENT);
        }
        assertThat(life.dispatch(job, target, MOST)).isPresent();
    }

    @Test
    void exclusive_jobs_that_stand_still_leave_shared_ones_their_room() {
        life.dispatch(job, target, 1);
        life.stalled(job, StallReason.AGENT_SILENT);
        assertThat(life.dispatch(sample.shared(place).id(), target, 1)).isPresent();
    }

    @Test
    void a_node_has_no_more_shared_jobs_in_hand_than_it_may() {
        life.dispatch(sample.shared(place).id(), target, 1);
        assertThat(life.dispatch(sample.shared(place).id(), target, 1)).isEmpty();
    }

    @Test
    void an_ended_part_makes_room() {
        var first = copy(sample.place(), target).id();
        life.dispatch(job, target, 1);
        assertThat(life.dispatch(first, target, 1)).isEmpty();
        life.refused(job, target, SampleJobs.FAILURE);
        assertThat(life.dispatch(first, target, 1)).isPresent();
    }

    @Test
    void whoever_follows_the_job_sees_every_move_of_its_parts() {
        var moves = List.<Runnable>of(
                () -> life.dispatch(job, target, MOST),
                () -> life.dispatch(job, source, MOST),
                () -> life.running(job, target),
                () -> life.running(job, source),
                () -> life.applied(job, target, Map.of()),
                () -> life.applied(job, source, Map.of()),
                () -> life.decide(job, Optional.empty()),
                () -> life.committed(job, source),
                () -> life.committed(job, target));
        for (var move : moves) {
            move.run();
            assertThat(told()).isEqualTo(states());
        }
    }

    @Test
    void whoever_follows_the_job_sees_which_part_is_undone_already() {
        begin(target);
        begin(source);
        life.undone(job, source, SampleJobs.FAILURE, true);
        assertThat(told()).isEqualTo(states());
    }

    @Test
    void a_job_that_one_agent_has_lost_does_not_go_on_by_what_is_heard_of_the_other() {
        begin(target);
        life.dispatch(job, source, MOST);
        life.stalled(job, StallReason.AGENT_LOST_IT);
        assertThat(life.revived(job, SILENCE)).isFalse();
        life.running(job, source);
        assertThat(state()).isEqualTo(JobState.STALLED);
        life.applied(job, target, Map.of());
        life.applied(job, source, Map.of());
        assertThat(state()).isEqualTo(JobState.STALLED);
    }

    @Test
    void a_silent_agent_that_comes_back_without_the_job_has_lost_it() {
        begin(target);
        life.stalled(job, StallReason.AGENT_SILENT);
        assertThat(life.stalled(job, StallReason.AGENT_LOST_IT)).isTrue();
        assertThat(life.stalled(job, StallReason.AGENT_LOST_IT)).isFalse();
        assertThat(jobs.get(job).stallReason()).isEqualTo(StallReason.AGENT_LOST_IT);
        assertThat(life.revived(job, SILENCE)).isFalse();
    }

    @Test
    void a_part_whose_node_is_gone_decides_against_the_other_one() {
        begin(target);
        begin(source);
        life.nodeGone(source, "me");
        assertThat(state()).isEqualTo(JobState.RUNNING);
        assertThat(jobs.get(job).verdict()).isEqualTo("undo");
        life.undone(job, target, SampleJobs.FAILURE, true);
        assertThat(state()).isEqualTo(JobState.FAILED);
        assertThat(change.endOf(place.site())).isEqualTo("half");
    }

    @Test
    void nothing_is_left_of_a_part_that_waited_on_a_node_that_is_gone() {
        begin(target);
        life.nodeGone(source, "me");
        assertThat(jobs.get(job).verdict()).isEqualTo("undo");
        life.undone(job, target, SampleJobs.FAILURE, true);
        assertThat(change.endOf(place.site())).isEqualTo("undone");
    }

    private Job copy(SampleJobs.Place to, String from) {
        return sample.enqueue(NewJob.forEnvironment(
                        ScriptedChange.TYPE,
                        to.site(),
                        to.environment(),
                        to.node(),
                        Map.of(),
                        new Requester("me", null))
                .from(from));
    }

    private void begin(String node) {
        life.dispatch(job, node, MOST);
        life.running(job, node);
    }

    private void apply() {
        begin(target);
        begin(source);
        life.applied(job, target, Map.of());
        life.applied(job, source, Map.of());
    }

    private JobState state() {
        return jobs.get(job).state();
    }

    /** The states of the parts in the newest event. */
    private List<PartState> told() {
        var newest = recorder.eventsAfter(job, 0).getLast();
        return JsonMapper.shared()
                .readTree(newest.body())
                .path("parts")
                .valueStream()
                .map(part -> PartState.of(part.path("state").asString("")))
                .toList();
    }

    private List<PartState> states() {
        return jobs.get(job).parts().stream().map(JobPart::state).toList();
    }
}
