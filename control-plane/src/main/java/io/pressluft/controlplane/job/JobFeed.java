package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.connection.stream.StreamReadOptions;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Brings the ids of queued jobs to whoever can take them on this replica: at once through Redis, and by looking into
 * PostgreSQL every second, so that a lost, late or repeated message changes nothing but the waiting time.
 */
@Component
public class JobFeed implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(JobFeed.class);
    private static final Duration BLOCK = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int BATCH = 100;

    private final StringRedisTemplate redis;
    private final JdbcClient jdbc;
    private final JobTypes types;
    private final Map<String, Taker> takers = new ConcurrentHashMap<>();
    private final Map<String, String> positions = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Boolean> nudges = new LinkedBlockingQueue<>();
    private volatile boolean running;

    /** Whoever can take queued jobs. It must be quick and may see an id twice. */
    @FunctionalInterface
    public interface Taker {

        /** @param type absent when no more than the id was sent */
        void queued(String jobId, @Nullable String type);
    }

    JobFeed(StringRedisTemplate redis, JdbcClient jdbc, JobTypes types) {
        this.redis = redis;
        this.jdbc = jdbc;
        this.types = types;
    }

    /** From now on ids of the node's queued jobs go to {@code taker}. */
    public void subscribeNode(String nodeId, Taker taker) {
        subscribe(JobQueue.streamOf(nodeId), taker);
    }

    public void unsubscribeNode(String nodeId) {
        takers.remove(JobQueue.streamOf(nodeId));
        positions.remove(JobQueue.streamOf(nodeId));
    }

    /** Looks for queued jobs at once: there is room again. */
    public void nudge() {
        nudges.add(true);
    }

    /** Workers look into PostgreSQL themselves; {@code bell} says that it is worth it. */
    void subscribeWorkers(Runnable bell) {
        subscribe(JobQueue.WORKERS, (any, type) -> bell.run());
    }

    /** There is something for workers of this replica. */
    void ringWorkers() {
        var bell = takers.get(JobQueue.WORKERS);
        if (bell != null) {
            bell.queued("", null);
        }
    }

    private void subscribe(String stream, Taker taker) {
        takers.put(stream, taker);
        nudges.add(true);
    }

    private void listen() {
        while (running) {
            try {
                if (takers.isEmpty()) {
                    nudges.poll(BLOCK.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    readOnce();
                }
            } catch (RuntimeException e) {
                log.warn("Reading the queue failed; PostgreSQL is still looked at: {}", e.getMessage());
                pause();
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private void readOnce() {
        @SuppressWarnings({"unchecked", "rawtypes"})
        StreamOffset<String>[] offsets = takers.keySet().stream()
                .map(stream ->
                        StreamOffset.create(stream, ReadOffset.from(positions.computeIfAbsent(stream, this::newest))))
                .toArray(StreamOffset[]::new);
        List<MapRecord<String, Object, Object>> records =
                redis.opsForStream().read(StreamReadOptions.empty().count(BATCH).block(BLOCK), offsets);
        if (records == null) {
            return;
        }
        for (var message : records) {
            var stream = String.valueOf(message.getStream());
            positions.replace(stream, message.getId().getValue());
            hand(stream, String.valueOf(message.getValue().get("job")), null);
        }
    }

    /** Where a new subscriber starts: what is older is found in PostgreSQL. */
    private String newest(String stream) {
        var last = redis.opsForStream()
                .reverseRange(
                        stream,
                        org.springframework.data.domain.Range.unbounded(),
                        org.springframework.data.redis.connection.Limit.limit().count(1));
        return last == null || last.isEmpty() ? "0-0" : last.getFirst().getId().getValue();
    }

    private void look() {
        while (running) {
            try {
                lookOnce();
                nudges.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                nudges.clear(); // one look answers all of them
            } catch (RuntimeException e) {
                log.error("Looking for queued jobs failed; next attempt in {}", LOOK, e);
                pause();
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    /** The oldest of each kind on each node, for agents: a node that takes nothing must not hold up the others. */
    private void lookOnce() {
        jdbc.sql("""
                SELECT id, type, node_id FROM (
                    SELECT j.id, j.type, p.node_id, j.created_at,
                           row_number() OVER (PARTITION BY p.node_id, j.type ORDER BY j.created_at) AS place
                    FROM job j JOIN job_part p ON p.job_id = j.id
                    WHERE p.state = 'waiting' AND NOT j.ended
                      AND ((j.state = 'queued' AND coalesce(j.not_before, now()) <= now())
                        OR j.state IN ('dispatched', 'running'))) waiting
                WHERE place <= :most ORDER BY created_at
                """).param("most", BATCH).query(row -> {
            var type = row.getString("type");
            hand(types.streamOf(type, row.getString("node_id")), row.getString("id"), type);
        });
    }

    private void hand(String stream, String jobId, @Nullable String type) {
        var taker = takers.get(stream);
        if (taker == null) {
            return;
        }
        try {
            taker.queued(jobId, type);
        } catch (RuntimeException e) {
            log.error("job={} could not be taken; it must not hold up the others", jobId, e);
        }
    }

    private void pause() {
        try {
            nudges.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name("job-feed-redis").start(this::listen);
        Thread.ofVirtual().name("job-feed-postgresql").start(this::look);
    }

    @Override
    public void stop() {
        running = false;
        nudges.add(true);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
