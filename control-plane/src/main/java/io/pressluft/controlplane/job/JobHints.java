package io.pressluft.controlplane.job;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells other replicas and open pages, through Redis, that there is something to look at. Losing a hint loses nothing. */
@Component
class JobHints {

    /** Its messages are ids of jobs, with blanks between them. */
    static final String CHANGES = "pressluft:job-changes";

    private final JobNotices notices;

    JobHints(JobNotices notices) {
        this.notices = notices;
    }

    void changed(String jobId) {
        notices.add(new JobNotices.Notice.Changed(jobId));
    }

    /** Runs {@code action} once the surrounding transaction has committed, or now if there is none. */
    void afterCommit(Runnable action) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            action.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }
}
