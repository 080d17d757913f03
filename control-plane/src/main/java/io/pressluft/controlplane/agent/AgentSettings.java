package io.pressluft.controlplane.agent;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pace of the link to the agents.
 *
 * @param heartbeat how often an agent reports
 * @param silence after which an agent counts as gone
 * @param lease how long a run may go on after the newest answered heartbeat
 * @param overdue how long after its deadline an agent may take to end a job; more than the ten minutes and a half in
 *     which an agent takes back what it did
 * @param parallelJobs how many exclusive jobs one node may have in hand, and how many shared ones beside them
 */
@ConfigurationProperties("pressluft.agent")
record AgentSettings(
        @DefaultValue("3s") Duration heartbeat,
        @DefaultValue("20s") Duration silence,
        @DefaultValue("15s") Duration lease,
        @DefaultValue("15m") Duration overdue,
        @DefaultValue("5") int parallelJobs) {

    AgentSettings {
        if (silence.compareTo(heartbeat.multipliedBy(2)) <= 0) {
            throw new IllegalArgumentException("pressluft.agent.silence must exceed two heartbeats");
        }
        if (lease.compareTo(silence) >= 0) {
            throw new IllegalArgumentException("pressluft.agent.lease must be shorter than the silence");
        }
        if (parallelJobs < 1) {
            throw new IllegalArgumentException("pressluft.agent.parallel-jobs must be at least 1");
        }
    }
}
