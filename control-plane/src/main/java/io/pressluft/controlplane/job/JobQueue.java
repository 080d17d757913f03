package io.pressluft.controlplane.job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** Puts job ids onto the Redis stream of their node, or of the workers. The row in PostgreSQL decides, not the message. */
@Component
class JobQueue {

    static final String WORKERS = "pressluft:jobs:workers";

    private static final Logger log = LoggerFactory.getLogger(JobQueue.class);

    private final StringRedisTemplate redis;
    private final JobNotices notices;
    private final JobTypes types;
    private final JobFeed feed;

    JobQueue(StringRedisTemplate redis, JobNotices notices, JobTypes types, JobFeed feed) {
        this.redis = redis;
        this.notices = notices;
        this.types = types;
        this.feed = feed;
    }

    static String streamOf(String nodeId) {
        return "pressluft:jobs:" + nodeId;
    }

    void publish(Job job) {
        job.parts().stream()
                .map(part -> types.streamOf(job.type(), part.nodeId()))
                .distinct()
                .forEach(stream -> {
                    if (stream.equals(WORKERS)) {
                        feed.ringWorkers(); // those of this replica need no broker
                    }
                    notices.add(new JobNotices.Notice.Queued(stream, job.id()));
                });
    }

    /** Removes a node's stream; nobody will read it any more. */
    void forget(String nodeId) {
        try {
            redis.delete(streamOf(nodeId));
        } catch (DataAccessException e) {
            log.warn("node={} its stream of hints stays in Redis: {}", nodeId, e.getMessage());
        }
    }
}
