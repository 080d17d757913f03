package io.pressluft.controlplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.error.ErrorCode;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryRuleTest {

    private static final RetryRule RULE = new RetryRule(Set.of(ErrorCode.RUN_LOST), 4, Duration.ofSeconds(5));
    private static final JobFailure LOST = JobFailure.of(ErrorCode.RUN_LOST, "It is gone.", null);

    @Test
    void the_pause_doubles() {
        assertThat(RULE.pauseAfter(1, LOST, true)).contains(Duration.ofSeconds(5));
        assertThat(RULE.pauseAfter(2, LOST, true)).contains(Duration.ofSeconds(10));
        assertThat(RULE.pauseAfter(3, LOST, true)).contains(Duration.ofSeconds(20));
    }

    @Test
    void the_last_attempt_is_the_last() {
        assertThat(RULE.pauseAfter(4, LOST, true)).isEmpty();
    }

    @Test
    void a_change_that_may_be_half_there_is_not_repeated() {
        assertThat(RULE.pauseAfter(1, LOST, false)).isEmpty();
    }

    @Test
    void other_failures_are_not_repeated() {
        assertThat(RULE.pauseAfter(1, SampleJobs.FAILURE, true)).isEmpty();
    }

    @Test
    void never_is_never() {
        assertThat(RetryRule.NEVER.pauseAfter(1, LOST, true)).isEmpty();
    }
}
