package io.pressluft.agent;

import io.pressluft.agent.job.CourseSettings;
import io.pressluft.agent.link.LinkSettings;
import java.time.Duration;

/** Times that are not the operator's business. */
record AgentSettings(LinkSettings link, CourseSettings course, Duration stepGrace, Duration oneLook) {

    static final AgentSettings STANDARD = new AgentSettings(
            new LinkSettings(
                    Duration.ofMillis(500),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(5)),
            new CourseSettings(Duration.ofMinutes(10), Duration.ofSeconds(20), Duration.ofMillis(100)),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));
}
