package io.pressluft.controlplane.job;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisStreamCommands.XAddOptions;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/** Puts job ids onto the Redis stream of their node, or of the workers. The row in PostgreSQL decides, not the message. */
@Component
class JobQueue {

    static final String WORKERS = "pressluft:jobs:workers";

    /** A stream holds hints only; older ones than this many are worth nothing. */
    private static final long LONGEST_STREAM = 10_000;

    private static final Logger log = LoggerFactory.getLogger(JobQueue.class);

    private final StringRedisTemplate redis;
    private final JobTypes types;

    JobQueue(StringRedisTemplate redis, JobTypes types) {
        this.redis = redis;
        this.types = types;
    }

    static String streamOf(String nodeId) {
        return "pressluft:jobs:" + nodeId;
    }

    void publish(Job job) {
        job.parts().stream()
                .map(part -> types.streamOf(job.type(), part.nodeId()))
                .distinct()
                .forEach(stream -> publish(job, stream));
    }

    private void publish(Job job, String stream) {
        try {
            redis.opsForStream()
                    .add(
                            StreamRecords.mapBacked(Map.of("job", job.id())).withStreamKey(stream),
                            XAddOptions.maxlen(LONGEST_STREAM));
        } catch (DataAccessException e) {
            log.warn("job={} could not be announced; it is found in PostgreSQL: {}", job.id(), e.getMessage());
        }
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
