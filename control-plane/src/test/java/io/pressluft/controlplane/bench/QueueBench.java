package io.pressluft.controlplane.bench;

import io.pressluft.controlplane.agent.DispatchBench;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Both contenders in turns, then the way from a commit to an agent. Arguments: rounds, and jobs of a round. */
final class QueueBench {

    private static final int CONNECTIONS = 20;
    private static final int CLIENTS = 8;
    private static final int THREADS = 8;
    private static final int WARM_UPS = 8;
    private static final int DISPATCHES = 500;
    private static final double MILLI = 1e6;

    private QueueBench() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        int jobs = Integer.parseInt(arguments[1]);
        var change = new BenchChange();
        try (var servers = TestServers.durable();
                var app = RunningControlPlane.with(
                        servers,
                        Map.of("pressluft.workers.at-once", THREADS, "logging.threshold.console", "OFF"),
                        Map.of("benchChange", change));
                var theirs = new DbScheduler(servers.freshPool("db_scheduler", CONNECTIONS), THREADS)) {
            requireDurable(app.bean(DataSource.class));
            requireDurable(theirs.pool());
            var sites = new Sites(app.jdbc());
            change.use(sites);
            var ids = sites.create(jobs);
            theirs.sites().create(jobs);
            theirs.start();
            double ratio = compare(new OurQueue(app, change, app.rows().readyNode()), theirs, app, ids, rounds);
            dispatch(app, ids.subList(0, DISPATCHES));
            System.out.printf("ratio: %.2f%n", ratio);
        }
        System.exit(0); // db-scheduler and the driver leave threads behind
    }

    private static double compare(
            OurQueue ours, DbScheduler theirs, RunningControlPlane app, List<String> sites, int rounds)
            throws InterruptedException {
        var baseline = new ArrayList<Double>();
        var own = new ArrayList<Double>();
        for (int round = 1 - WARM_UPS; round <= rounds; round++) {
            double before = rate(theirs, theirs.jdbc(), sites);
            double after = rate(ours, app.jdbc(), sites);
            System.err.printf("round %d: db-scheduler %.0f, ours %.0f jobs/s%n", round, before, after);
            if (round > 0) {
                baseline.add(before);
                own.add(after);
            }
        }
        System.out.printf(
                "%nenqueue to settled, jobs/s (median)%n  db-scheduler  %8.0f%n  ours          %8.0f%n",
                median(baseline), median(own));
        return median(own) / median(baseline);
    }

    private static double rate(Contender contender, JdbcClient jdbc, List<String> sites) throws InterruptedException {
        jdbc.sql("ANALYZE").update(); // as autovacuum does it in time, which is not the same for both
        jdbc.sql("CHECKPOINT").update(); // nobody pays for what another one left in memory
        long begun = System.nanoTime();
        contender.run(sites, CLIENTS);
        return sites.size() * 1e9 / (System.nanoTime() - begun);
    }

    private static void dispatch(RunningControlPlane app, List<String> sites) {
        var bench = new DispatchBench(app, app.rows().readyNode());
        bench.run(sites); // not counted
        var sorted = bench.run(sites).stream().sorted().toList();
        System.out.printf(
                "%ncommit to the agent, one job at a time, ms%n  p50  %8.1f%n  p99 (at most 20)  %8.1f%n  max  %8.1f%n%n",
                ms(sorted.get(sorted.size() / 2)), ms(sorted.get(sorted.size() * 99 / 100)), ms(sorted.getLast()));
    }

    private static double ms(Duration time) {
        return time.toNanos() / MILLI;
    }

    private static void requireDurable(DataSource source) {
        var jdbc = JdbcClient.create(source);
        var settings = Stream.of("fsync", "synchronous_commit", "full_page_writes")
                .collect(Collectors.toMap(
                        name -> name,
                        name -> jdbc.sql("SELECT current_setting(:name)")
                                .param("name", name)
                                .query(String.class)
                                .single()));
        if (!settings.values().stream().allMatch("on"::equals)) {
            throw new IllegalStateException("not durable: " + settings);
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
