package io.pressluft.controlplane.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * db-scheduler as somebody would use it who needs the site to move with its task: the task is scheduled in the
 * transaction that begins the move and raises the site's fencing token, and its handler ends the move in a transaction of
 * its own. db-scheduler then deletes the task; a crash in between would have the handler run again, which its guarded
 * update answers.
 *
 * <p>Of six configurations that were tried, the fastest: lock-and-fetch with the limits of its own benchmark for few
 * threads, and a short polling interval. Immediate execution, which looks after every commit, was slower with these limits.
 */
final class DbScheduler implements Contender, AutoCloseable {

    private static final double LOWER_LIMIT = 4;
    private static final double UPPER_LIMIT = 20;
    private static final Duration POLLING = Duration.ofMillis(100);

    private final HikariDataSource pool;
    private final TransactionTemplate transaction;
    private final Sites sites;
    private final OneTimeTask<Void> task;
    private final Scheduler scheduler;
    private volatile CountDownLatch open = new CountDownLatch(0);

    DbScheduler(HikariDataSource pool, int threads) {
        this.pool = pool;
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
        this.sites = new Sites(JdbcClient.create(pool));
        this.task = Tasks.oneTime("change")
                .execute((instance, context) ->
                        transaction.executeWithoutResult(status -> sites.settle(instance.getId())));
        this.scheduler = Scheduler.create(new TransactionAwareDataSourceProxy(pool), task)
                .threads(threads)
                .pollUsingLockAndFetch(LOWER_LIMIT, UPPER_LIMIT)
                .pollingInterval(POLLING)
                .addSchedulerListener(new AbstractSchedulerListener() {
                    @Override
                    public void onExecutionComplete(ExecutionComplete done) {
                        open.countDown();
                    }
                })
                .build();
    }

    HikariDataSource pool() {
        return pool;
    }

    Sites sites() {
        return sites;
    }

    JdbcClient jdbc() {
        return JdbcClient.create(pool);
    }

    /**
     * The table and its indexes are those that db-scheduler asks for on PostgreSQL, without priorities. Tasks for next year
     * are in it, as in any scheduler that is in use: from statistics of an empty table PostgreSQL makes plans that are slow
     * once it is full.
     */
    void start() {
        jdbc().sql("""
                CREATE TABLE scheduled_tasks (
                    task_name text NOT NULL, task_instance text NOT NULL, task_data bytea, execution_time timestamptz,
                    picked boolean NOT NULL, picked_by text, last_success timestamptz, last_failure timestamptz,
                    consecutive_failures integer, last_heartbeat timestamptz, version bigint NOT NULL,
                    priority smallint, state text, PRIMARY KEY (task_name, task_instance));
                CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
                CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
                INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                SELECT 'change', 'later-' || n, now() + interval '1 year', false, 1 FROM generate_series(1, 3000) AS n;
                """).update();
        scheduler.start();
    }

    @Override
    public void run(List<String> ids, int clients) throws InterruptedException {
        var settled = new CountDownLatch(ids.size());
        open = settled;
        Clients.each(ids, clients, this::enqueue);
        settled.await();
    }

    private void enqueue(String site) {
        transaction.executeWithoutResult(status -> {
            sites.begin(site);
            sites.raiseToken(site);
            scheduler.scheduleIfNotExists(task.instance(site), Instant.now());
        });
    }

    @Override
    public void close() {
        scheduler.stop();
        pool.close();
    }
}
