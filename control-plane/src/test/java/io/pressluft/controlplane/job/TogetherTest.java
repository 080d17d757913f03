package io.pressluft.controlplane.job;

import static io.pressluft.controlplane.harness.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

class TogetherTest {

    private static final int CALLERS = 5;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<List<Integer>> groups = new CopyOnWriteArrayList<>();
    private final List<Integer> single = new CopyOnWriteArrayList<>();
    private Together<Integer, Integer> together = started(this::doubled);

    @AfterEach
    void stop() {
        together.stop();
        callers.close();
    }

    private Together<Integer, Integer> started(Function<List<Integer>, List<Integer>> group) {
        return started(TransactionOperations.withoutTransaction(), group);
    }

    private Together<Integer, Integer> started(
            TransactionOperations transaction, Function<List<Integer>, List<Integer>> group) {
        var made = new Together<Integer, Integer>("together", transaction, group, one -> {
            single.add(one);
            return 2 * one;
        });
        made.start();
        return made;
    }

    private List<Integer> doubled(List<Integer> some) {
        groups.add(some);
        return some.stream().map(one -> 2 * one).toList();
    }

    @Test
    void everybody_gets_the_answer_to_what_they_asked() throws Exception {
        var answers = asked(1, CALLERS);
        for (int i = 0; i < CALLERS; i++) {
            assertThat(answers.get(i).get()).isEqualTo(2 * (i + 1));
        }
    }

    @Test
    void what_is_asked_while_a_group_is_under_way_becomes_the_next_group() throws Exception {
        var begun = new CountDownLatch(1);
        var first = new CountDownLatch(1);
        together.stop();
        together = started(some -> {
            begun.countDown();
            awaited(first);
            return doubled(some);
        });
        var alone = asked(0, 1);
        begun.await();
        var others = asked(1, CALLERS);
        eventually("the others wait", () -> together.waiting() == CALLERS);
        first.countDown();
        for (var other : others) {
            other.get();
        }
        assertThat(alone.getFirst().get()).isZero();
        assertThat(groups).extracting(List::size).containsExactly(1, CALLERS);
    }

    @Test
    void a_group_that_came_to_nothing_is_done_one_by_one() throws Exception {
        together.stop();
        together = started(some -> {
            throw new IllegalStateException("one of them cannot");
        });
        assertThat(asked(7, 1).getFirst().get()).isEqualTo(14);
        assertThat(single).containsExactly(7);
    }

    @Test
    void what_may_have_been_committed_is_not_done_again() {
        together.stop();
        together = started(new BrokenCommit(), this::doubled);
        assertThatThrownBy(() -> together.ask(7)).isInstanceOf(DataAccessResourceFailureException.class);
        assertThat(single).isEmpty();
    }

    @Test
    void what_broke_before_its_commit_is_done_one_by_one() {
        together.stop();
        together = started(some -> {
            throw new DataAccessResourceFailureException("the connection broke");
        });
        assertThat(together.ask(7)).isEqualTo(14);
    }

    @Test
    void an_error_ends_neither_the_callers_nor_the_groups_after_them() {
        var errors = new AtomicInteger(1);
        together.stop();
        together = started(some -> {
            if (errors.getAndDecrement() > 0) {
                throw new StackOverflowError("too deep");
            }
            return doubled(some);
        });
        assertThat(together.ask(7)).isEqualTo(14);
        assertThat(together.ask(8)).isEqualTo(16);
        assertThat(groups).containsExactly(List.of(8));
    }

    @Test
    void whoever_asks_while_it_stops_gets_an_answer() throws Exception {
        for (int round = 0; round < 50; round++) {
            together = started(this::doubled);
            var answers = asked(1, CALLERS);
            together.stop();
            for (int i = 0; i < CALLERS; i++) {
                assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(2 * (i + 1));
            }
        }
    }

    /** Does what it is told to, and loses the answer to its commit. */
    private static final class BrokenCommit implements TransactionOperations {
        @Override
        public <T> @Nullable T execute(TransactionCallback<T> action) {
            action.doInTransaction(new SimpleTransactionStatus());
            throw new DataAccessResourceFailureException("the connection broke");
        }
    }

    @Test
    void one_that_has_stopped_leaves_it_to_the_caller() {
        together.stop();
        assertThat(together.ask(7)).isEqualTo(14);
        assertThat(single).containsExactly(7);
    }

    @Test
    void an_interrupted_caller_gets_the_answer_and_stays_interrupted() throws Exception {
        var flagged = callers.submit(() -> {
            Thread.currentThread().interrupt();
            assertThat(together.ask(7)).isEqualTo(14);
            return Thread.currentThread().isInterrupted();
        });
        assertThat(flagged.get()).isTrue();
    }

    private List<Future<Integer>> asked(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(one -> callers.submit(() -> together.ask(one)))
                .toList();
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
