package io.pressluft.controlplane.bench;

import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The control plane as it is delivered: jobs enqueued through {@link Jobs}, done by its own workers. */
final class OurQueue implements Contender {

    private final RunningControlPlane app;
    private final BenchChange change;
    private final String node;

    OurQueue(RunningControlPlane app, BenchChange change, String node) {
        this.app = app;
        this.change = change;
        this.node = node;
    }

    @Override
    public void run(List<String> sites, int clients) throws InterruptedException {
        var jobs = app.bean(Jobs.class);
        var settled = change.expect(sites.size());
        Clients.each(sites, clients, site -> jobs.submit(job(site)));
        settled.await();
    }

    private NewJob job(String site) {
        return new NewJob(
                BenchChange.TYPE,
                site,
                null,
                node,
                List.of(),
                Map.of("title", "A title"),
                new Requester("bench", null),
                null,
                1,
                Duration.ZERO);
    }
}
