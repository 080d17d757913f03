package io.pressluft.agent.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Full jitter over a window that doubles up to a cap: many agents come back evenly, and none waits long. */
final class Backoff {

    private final LinkSettings settings;
    private final RandomGenerator random;
    private Duration window;

    Backoff(LinkSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.window = settings.firstWindow();
    }

    Duration next(Retry retry) {
        var cap = retry == Retry.SLOWLY ? settings.slowWindow() : settings.longestWindow();
        var pause = Duration.ofMillis(random.nextLong(window.toMillis() + 1));
        var doubled = window.multipliedBy(2);
        window = doubled.compareTo(cap) > 0 ? cap : doubled;
        return pause;
    }

    void reset() {
        window = settings.firstWindow();
    }
}
