package io.pressluft.agent.link;

import java.time.Duration;

/**
 * @param firstWindow within which the first attempt after a loss is made
 * @param longestWindow to which it grows while the gateway is away
 * @param slowWindow to which it grows while the gateway refuses this node
 * @param answer how long the gateway may take to welcome, to enrol, to renew
 * @param resend after which a report that was not seen is sent again
 */
public record LinkSettings(
        Duration firstWindow, Duration longestWindow, Duration slowWindow, Duration answer, Duration resend) {

    public LinkSettings {
        if (longestWindow.compareTo(firstWindow) < 0 || slowWindow.compareTo(longestWindow) < 0) {
            throw new IllegalArgumentException("the windows of a backoff grow");
        }
    }
}
