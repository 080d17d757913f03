package io.pressluft.controlplane.job;

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
    private final Together<NewJobs.Draft, Job> submitted;

    Submissions(Intake intake, TransactionTemplate transaction) {
        this.intake = intake;
        this.submitted = new Together<>("submissions", transaction, intake::write, intake::write);
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
