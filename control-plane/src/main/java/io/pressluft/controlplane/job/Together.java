package io.pressluft.controlplane.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Does in one transaction for several callers what costs little more for several than for one: what is asked for while a
 * group is under way becomes the next group. A group that is rolled back is no answer to anybody: each of its callers then
 * asks alone. When it is not known whether a group was committed, its callers get the failure: doing it once more could do
 * it twice.
 */
final class Together<I, O> {

    private static final Logger log = LoggerFactory.getLogger(Together.class);

    private static final int MOST = 100;

    /** When fewer have come than the last time, who comes within this time of the one before them joins the group. */
    private static final Duration GAP = Duration.ofNanos(200_000);

    /** Nobody waits longer than this for those who come after them. */
    private static final Duration LONGEST = Duration.ofMillis(3);

    private final String name;
    private final TransactionOperations transaction;
    private final Function<List<I>, List<O>> group;
    private final Function<I, O> alone;
    private final LinkedBlockingQueue<Asked<I, O>> open = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread leader;

    /** Those of the last group may come again; of the leader alone. */
    private int expected = 1;

    private record Asked<I, O>(I what, CompletableFuture<O> answer) {}

    /** Says that the group came to nothing, which is nobody's failure yet. */
    private static final class GroupFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GroupFailed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * @param name of the thread that does it
     * @param transaction of each group, and of each one alone
     * @param group answers each of several in their order, or throws
     * @param alone the same for one, on the thread of whoever asks
     */
    Together(String name, TransactionOperations transaction, Function<List<I>, List<O>> group, Function<I, O> alone) {
        this.name = name;
        this.transaction = transaction;
        this.group = group;
        this.alone = alone;
    }

    /** Returns once it is done, whoever interrupts the caller. */
    O ask(I what) {
        if (leader == null) {
            return alone(what, new GroupFailed("there is no group", null));
        }
        var asked = new Asked<>(what, new CompletableFuture<O>());
        open.add(asked);
        if (leader == null) {
            turnAway(); // it stopped in between
        }
        try {
            return asked.answer().join();
        } catch (CompletionException failed) {
            return switch (failed.getCause()) {
                case GroupFailed nothingDone -> alone(what, nothingDone);
                case RuntimeException cause -> throw cause;
                case null, default -> throw failed;
            };
        }
    }

    private O alone(I what, GroupFailed because) {
        log.debug("{}: alone, because {}", name, because.getMessage());
        boolean flagged = Thread.interrupted(); // a flag left standing would break the connection to the database
        try {
            return Objects.requireNonNull(transaction.execute(status -> alone.apply(what)));
        } finally {
            if (flagged) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void lead() {
        var asked = new ArrayList<Asked<I, O>>(MOST);
        try {
            while (true) {
                asked.add(open.take());
                gather(asked);
                expected = asked.size();
                answer(asked);
                asked.clear();
            }
        } catch (InterruptedException stop) {
            log.debug("{} stops", name);
            turnAway(asked); // those of a group that was being gathered
        }
    }

    private void gather(List<Asked<I, O>> asked) throws InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        open.drainTo(asked, MOST - asked.size());
        while (asked.size() < expected && System.nanoTime() < until) {
            var next = open.poll(GAP.toNanos(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return;
            }
            asked.add(next);
            open.drainTo(asked, MOST - asked.size());
        }
    }

    private void answer(List<Asked<I, O>> asked) {
        var committing = new AtomicBoolean();
        try {
            var answers = Objects.requireNonNull(transaction.execute(status -> {
                var done = group.apply(asked.stream().map(Asked::what).toList());
                committing.set(true);
                return done;
            }));
            for (int i = 0; i < asked.size(); i++) {
                asked.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) { // whatever it was, the callers wait
            var failure = committing.get() ? e : new GroupFailed(String.valueOf(e.getMessage()), e);
            asked.forEach(one -> one.answer().completeExceptionally(failure));
        }
    }

    private void turnAway() {
        var left = new ArrayList<Asked<I, O>>();
        open.drainTo(left);
        turnAway(left);
    }

    private void turnAway(List<Asked<I, O>> left) {
        left.forEach(one -> one.answer().completeExceptionally(new GroupFailed("this control plane stops", null)));
    }

    void start() {
        leader = Thread.ofPlatform().daemon().name(name).start(this::lead);
    }

    void stop() {
        var thread = leader;
        leader = null;
        if (thread != null) {
            thread.interrupt();
        }
        turnAway();
    }

    /** How many wait for the group after the one under way. */
    int waiting() {
        return open.size();
    }

    boolean isRunning() {
        return leader != null;
    }
}
