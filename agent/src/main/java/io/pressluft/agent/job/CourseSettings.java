package io.pressluft.agent.job;

import java.time.Duration;

/**
 * @param undoLimit how long a commit or an undo may take
 * @param proofPatience how long the front page may take to prove itself after the apply
 * @param proofPause between two looks at it
 */
public record CourseSettings(Duration undoLimit, Duration proofPatience, Duration proofPause) {

    public CourseSettings {
        if (!undoLimit.isPositive() || proofPause.compareTo(proofPatience) > 0) {
            throw new IllegalArgumentException("an undo needs time, and a proof more than one look");
        }
    }
}
