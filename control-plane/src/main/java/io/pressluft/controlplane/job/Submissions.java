package io.pressluft.controlplane.job;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes jobs down that are asked for outside of any transaction: those that come while others are being written share the
 * next transaction. One that is refused, or that has to wait for somebody's lock, does not hold up the others.
 */
@Component
class Submissions implements SmartLifecycle {

    private final Intake intake;
    private final TransactionTemplate transaction;
    private final Together<NewJobs.Draft, Job> submitted;

    Submissions(Intake intake, TransactionTemplate transaction) {
        this.intake = intake;
        this.transaction = transaction;
        this.submitted = new Together<>("submissions", this::group, this::alone);
    }

    /**
     * Returns once it is committed, whoever interrupts the caller.
     *
     * @throws JobException when another exclusive job of the site or node is unfinished
     */
    Job submit(NewJob wanted) {
        var job = submitted.ask(intake.draft(wanted));
        Intake.logged(job);
        return job;
    }

    private List<Job> group(List<NewJobs.Draft> drafts) {
        return required(transaction.execute(status -> intake.write(drafts)));
    }

    private Job alone(NewJobs.Draft draft) {
        return required(transaction.execute(status -> intake.write(draft)));
    }

    private static <T> T required(@Nullable T written) {
        return Objects.requireNonNull(written);
    }

    @Override
    public void start() {
        submitted.start();
    }

    @Override
    public void stop() {
        submitted.stop();
    }

    @Override
    public boolean isRunning() {
        return submitted.isRunning();
    }
}
