package io.pressluft.e2e;

import io.pressluft.protocol.proof.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks for a site's front page again and again, each time signed over a fresh nonce, and counts. */
final class Prober implements AutoCloseable {

    private static final long BETWEEN_LOOKS_MS = 150;

    private final FrontPage page;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Duration> answered = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    /** What was counted. */
    record Figures(int requests, List<String> failures, Duration median, Duration p95, Duration longest) {

        @Override
        public String toString() {
            return "%d requests, %d failed, median %d ms, p95 %d ms, longest %d ms"
                    .formatted(requests, failures.size(), median.toMillis(), p95.toMillis(), longest.toMillis());
        }
    }

    private Prober(FrontPage page) {
        this.page = page;
        this.thread = Thread.ofVirtual().name("prober").unstarted(this::look);
    }

    static Prober of(Pressluft pressluft, Site site) {
        var prober = new Prober(pressluft.frontPage(site));
        prober.thread.start();
        return prober;
    }

    /** Goes on until there were so many answers, then ends. */
    Figures figures(int atLeast) {
        Await.until(
                "the neighbour is asked %d times".formatted(atLeast), Duration.ofMinutes(1), () -> count() >= atLeast);
        close();
        synchronized (this) {
            var sorted = answered.stream().sorted().toList();
            return new Figures(
                    sorted.size() + failed.size(),
                    List.copyOf(failed),
                    quantile(sorted, 0.5),
                    quantile(sorted, 0.95),
                    quantile(sorted, 1));
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int count() {
        return answered.size() + failed.size();
    }

    private void look() {
        try {
            do {
                long begun = System.nanoTime();
                var seen = page.look();
                note(seen, Duration.ofNanos(System.nanoTime() - begun));
            } while (!stop.await(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(Proof seen, Duration took) {
        switch (seen) {
            case Proof.Proven() -> answered.add(took);
            case Proof.Unproven(var code, var message) -> failed.add(code + ": " + message);
        }
    }

    private static Duration quantile(List<Duration> sorted, double part) {
        return sorted.isEmpty()
                ? Duration.ZERO
                : sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(part * sorted.size()) - 1));
    }
}
