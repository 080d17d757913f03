package io.pressluft.controlplane.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends jobs whose work has returned: those that finish while others are being written share the next transaction, which
 * costs little more for several than for one. One that cannot end does not hold up the others.
 */
@Component
class Settlements implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Settlements.class);

    private static final int MOST = 100;

    private final WorkerLife life;
    private final LinkedBlockingQueue<Finished> open = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread writer;

    private record Finished(Job job, String worker, CompletableFuture<Boolean> succeeded) {}

    Settlements(WorkerLife life) {
        this.life = life;
    }

    /**
     * Returns once it is written, whoever interrupts the caller.
     *
     * @return false when the job is another worker's by now, or was told to end
     */
    boolean done(Job job, String worker) {
        var finished = new Finished(job, worker, new CompletableFuture<>());
        open.add(finished);
        try {
            return finished.succeeded().join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    private void write() {
        var group = new ArrayList<Finished>(MOST);
        try {
            while (true) {
                group.add(open.take());
                open.drainTo(group, MOST - 1);
                end(group);
                group.clear();
            }
        } catch (InterruptedException stop) {
            log.debug("no more jobs are ended here");
        }
    }

    private void end(List<Finished> group) {
        try {
            var ended = ended(group);
            group.forEach(
                    one -> one.succeeded().complete(ended.contains(one.job().id())));
        } catch (RuntimeException e) {
            if (group.size() == 1) {
                group.getFirst().succeeded().completeExceptionally(e);
            } else {
                log.debug("a group of {} is ended one by one", group.size(), e);
                group.forEach(one -> end(List.of(one)));
            }
        }
    }

    /** All of a group have the same worker: there is one in a replica. */
    private Set<String> ended(List<Finished> group) {
        return life.done(
                group.stream().map(Finished::job).toList(), group.getFirst().worker());
    }

    @Override
    public void start() {
        writer = Thread.ofPlatform().daemon().name("settlements").start(this::write);
    }

    @Override
    public void stop() {
        var thread = writer;
        if (thread != null) {
            thread.interrupt();
        }
        writer = null;
        for (var left = open.poll(); left != null; left = open.poll()) {
            left.succeeded().completeExceptionally(new IllegalStateException("this control plane stops"));
        }
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /** Workers stop before and start after what ends their jobs. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1;
    }
}
