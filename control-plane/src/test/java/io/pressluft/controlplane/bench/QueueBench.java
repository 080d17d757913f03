package io.pressluft.controlplane.bench;

import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Both contenders in turns, then the way from a commit to an agent. */
final class QueueBench {

    private static final int POOL = 20;

    private QueueBench() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.getInteger("rounds", 5);
        int count = Integer.getInteger("jobs", 2000);
        int clients = Integer.getInteger("clients", 8);
        int threads = Integer.getInteger("threads", 8);
        var change = new BenchChange();
        try (var servers = TestServers.durable();
                var app = RunningControlPlane.with(
                        servers,
                        Map.of(
                                "pressluft.workers.at-once",
                                threads,
                                "logging.threshold.console",
                                "OFF",
                                "logging.file.name",
                                "/tmp/q/app.log"),
                        Map.of("benchChange", change));
                var theirs = new DbScheduler(
                        servers.freshPool("baseline", POOL),
                        threads,
                        Double.parseDouble(System.getProperty("lower", "1")),
                        Double.parseDouble(System.getProperty("upper", "4")),
                        Duration.ofMillis(Integer.getInteger("interval", 1000)),
                        Boolean.parseBoolean(System.getProperty("immediate", "true")))) {
            var own = new Sites(app.jdbc());
            change.use(own);
            var sites = own.create(count);
            theirs.sites().create(count);
            theirs.start();
            var ours = new OurQueue(app, change, app.rows().readyNode());
            var a = new ArrayList<Double>();
            var b = new ArrayList<Double>();
            for (int i = 0; i <= rounds; i++) {
                double x = rate(app, theirs, sites, clients);
                double y = Boolean.getBoolean("noours") ? 1 : rate(app, ours, sites, clients);
                System.out.printf("round %d: db-scheduler %.0f/s, ours %.0f/s%n", i, x, y);
                if (i > 0) {
                    a.add(x);
                    b.add(y);
                }
            }
            System.out.printf("ratio: %.2f%n", median(b) / median(a));
        }
        System.exit(0);
    }

    private static double rate(RunningControlPlane app, Contender contender, List<String> sites, int clients)
            throws InterruptedException {
        app.jdbc().sql("CHECKPOINT").update();
        long begun = System.nanoTime();
        contender.run(sites, clients);
        return sites.size() * 1e9 / (System.nanoTime() - begun);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
