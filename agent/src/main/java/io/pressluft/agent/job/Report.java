package io.pressluft.agent.job;

import io.pressluft.agent.run.Failure;
import io.pressluft.agent.run.RunPhase;
import java.util.Map;

/** The end of a phase, as it is told upstream until it is seen there. */
public record Report(
        RunPhase phase,
        boolean succeeded,
        Failure failure,
        Map<String, String> outputs,
        UndoReason reason,
        boolean seen) {

    static Report applied(Map<String, String> outputs) {
        return new Report(RunPhase.APPLY, true, Failure.NONE, outputs, UndoReason.TOLD, false);
    }

    static Report committed(Failure failure) {
        return new Report(RunPhase.COMMIT, !failure.happened(), failure, Map.of(), UndoReason.TOLD, false);
    }

    /** @param failure of the apply when the undo worked; else of the undo */
    static Report undone(boolean succeeded, Failure failure, UndoReason reason) {
        return new Report(RunPhase.UNDO, succeeded, failure, Map.of(), reason, false);
    }

    Report asSeen() {
        return new Report(phase, succeeded, failure, outputs, reason, true);
    }
}
