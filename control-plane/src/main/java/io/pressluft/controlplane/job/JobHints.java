package io.pressluft.controlplane.job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells other replicas and open pages, through Redis, that there is something to look at. Losing a hint loses nothing. */
@Component
class JobHints {

    static final String CHANGES = "pressluft:job-changes";

    private static final Logger log = LoggerFactory.getLogger(JobHints.class);

    private final StringRedisTemplate redis;

    JobHints(StringRedisTemplate redis) {
        this.redis = redis;
    }

    void changed(String jobId) {
        try {
            redis.convertAndSend(CHANGES, jobId);
        } catch (DataAccessException e) {
            log.debug("job={} hint lost: {}", jobId, e.getMessage());
        }
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
