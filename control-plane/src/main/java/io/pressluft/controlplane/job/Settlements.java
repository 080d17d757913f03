package io.pressluft.controlplane.job;

import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends jobs whose work has returned: those that finish while others are being written share the next transaction. One that
 * cannot end does not hold up the others.
 */
@Component
class Settlements implements SmartLifecycle {

    private final WorkerLife life;
    private final Together<Finished, Boolean> ends;

    private record Finished(Job job, String worker) {}

    Settlements(WorkerLife life, TransactionTemplate transaction) {
        this.life = life;
        this.ends = new Together<>(
                "settlements", transaction, this::end, one -> end(List.of(one)).getFirst());
    }

    /**
     * Returns once it is written, whoever interrupts the caller.
     *
     * @return false when the job is another worker's by now, or was told to end
     */
    boolean done(Job job, String worker) {
        return ends.ask(new Finished(job, worker));
    }

    /** All of a group have the same worker: there is one in a replica. */
    private List<Boolean> end(List<Finished> group) {
        var ended = life.done(
                group.stream().map(Finished::job).toList(), group.getFirst().worker());
        return group.stream().map(one -> ended.contains(one.job().id())).toList();
    }

    @Override
    public void start() {
        ends.start();
    }

    @Override
    public void stop() {
        ends.stop();
    }

    @Override
    public boolean isRunning() {
        return ends.isRunning();
    }

    /** Workers stop before and start after what ends their jobs. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1;
    }
}
