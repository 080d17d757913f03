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
            app.jdbc().sql("SELECT relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE idx_scan + seq_scan > 1000 ORDER BY 3 DESC").query().listOfRows().forEach(System.out::println);
            app.jdbc().sql("SELECT indexrelname, idx_scan, idx_tup_read, idx_tup_fetch FROM pg_stat_user_indexes WHERE idx_scan > 100 ORDER BY 3 DESC").query().listOfRows().forEach(System.out::println);
            System.out.printf("ratio: %.2f%n", median(b) / median(a));
        }
        System.exit(0);
    }

    private static double rate(RunningControlPlane app, Contender contender, List<String> sites, int clients)
            throws InterruptedException {
        app.jdbc().sql("CHECKPOINT").update();
        long begun = System.nanoTime();
        var os = (com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        long own = os.getProcessCpuTime();
        long all = machine();
        contender.run(sites, clients);
        System.out.printf(
                "   %s: us per job: wall %.0f, this JVM %.0f, machine %.0f%n",
                contender.getClass().getSimpleName(),
                (System.nanoTime() - begun) / 1e3 / sites.size(),
                (os.getProcessCpuTime() - own) / 1e3 / sites.size(),
                (machine() - all) * 1e4 / sites.size());
        return sites.size() * 1e9 / (System.nanoTime() - begun);
    }

    private static long machine() {
        try {
            var f = java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/stat")).getFirst().split(" +");
            return Long.parseLong(f[1]) + Long.parseLong(f[2]) + Long.parseLong(f[3]) + Long.parseLong(f[6]) + Long.parseLong(f[7]);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
