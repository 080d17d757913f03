package io.pressluft.controlplane.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStreamCommands.XAddOptions;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.stereotype.Component;

/**
 * Sends what is worth knowing elsewhere to Redis, as many pieces at once as have come up, so that nobody waits for Redis
 * who has a job to enqueue or to do. Whatever is lost here is found in PostgreSQL.
 */
@Component
class JobNotices implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(JobNotices.class);

    /** More than this many are not news but a backlog, which is looked up. */
    private static final int MOST = 10_000;

    private static final int BATCH = 500;

    /** Of what comes in a burst, only the first piece is sent alone, and what an agent waits for. */
    private static final Duration BURST = Duration.ofMillis(50);

    /** How long a piece may lie here whose ring was missed. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A stream holds hints only; older ones than this many are worth nothing. */
    private static final long LONGEST_STREAM = 10_000;

    /** That a job is queued, or that an open page may show something new of it. */
    sealed interface Notice {
        record Queued(String stream, String jobId) implements Notice {}

        record Changed(String jobId) implements Notice {}
    }

    private final StringRedisTemplate redis;
    private final LinkedBlockingQueue<Notice> open = new LinkedBlockingQueue<>(MOST);
    private final Bell bell = new Bell();
    private volatile @Nullable Thread sender;

    JobNotices(StringRedisTemplate redis) {
        this.redis = redis;
    }

    void add(Notice notice) {
        if (!open.offer(notice)) {
            log.debug("{} is not sent: there are too many", notice);
        }
        if (notice instanceof Notice.Queued(var stream, var jobId) && !stream.equals(JobQueue.WORKERS)) {
            log.trace("job={} is waited for", jobId);
            bell.ringLoudly();
        } else {
            bell.ring();
        }
    }

    private void send() {
        var batch = new ArrayList<Notice>(BATCH);
        try {
            while (true) {
                bell.await(LOOK, BURST, BATCH);
                do {
                    batch.clear();
                    open.drainTo(batch, BATCH);
                    send(batch);
                } while (batch.size() == BATCH);
            }
        } catch (InterruptedException stop) {
            log.debug("stopping with {} notices unsent", open.size());
        }
    }

    private void send(List<Notice> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            redis.executePipelined((RedisCallback<@Nullable Object>) connection -> {
                send(batch, connection);
                return null;
            });
        } catch (RuntimeException e) {
            log.warn("{} notices could not be sent; PostgreSQL has what they say: {}", batch.size(), e.getMessage());
        }
    }

    private static void send(List<Notice> batch, RedisConnection connection) {
        var changed = new LinkedHashSet<String>();
        String forWorkers = null;
        for (var notice : batch) {
            switch (notice) {
                // One is enough for workers: they look for whatever is queued.
                case Notice.Queued(var stream, var jobId) when stream.equals(JobQueue.WORKERS) -> forWorkers = jobId;
                case Notice.Queued(var stream, var jobId) -> queued(stream, jobId, connection);
                case Notice.Changed(var jobId) -> changed.add(jobId);
            }
        }
        if (forWorkers != null) {
            queued(JobQueue.WORKERS, forWorkers, connection);
        }
        if (!changed.isEmpty()) {
            connection.commands().publish(bytes(JobHints.CHANGES), bytes(String.join(" ", changed)));
        }
    }

    private static void queued(String stream, String jobId, RedisConnection connection) {
        connection
                .streamCommands()
                .xAdd(
                        StreamRecords.rawBytes(Map.of(bytes("job"), bytes(jobId)))
                                .withStreamKey(bytes(stream)),
                        XAddOptions.maxlen(LONGEST_STREAM));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void start() {
        sender = Thread.ofVirtual().name("job-notices").start(this::send);
    }

    @Override
    public void stop() {
        var thread = sender;
        if (thread != null) {
            thread.interrupt();
        }
        sender = null;
    }

    @Override
    public boolean isRunning() {
        return sender != null;
    }
}
