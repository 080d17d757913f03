package io.pressluft.controlplane.bench;

import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobFailure;
import io.pressluft.controlplane.job.JobTraits;
import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.job.WorkerJobType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** An exclusive change to a site that has nothing to do but to move the site's state. */
final class BenchChange implements WorkerJobType {

    static final String TYPE = "bench_change";

    private volatile Sites sites;
    private volatile CountDownLatch open = new CountDownLatch(0);

    void use(Sites rows) {
        sites = rows;
    }

    /** Reaches zero once so many more jobs are settled and committed. */
    CountDownLatch expect(int jobs) {
        open = new CountDownLatch(jobs);
        return open;
    }

    @Override
    public JobTraits traits() {
        return JobTraits.exclusive(TYPE, Duration.ofMinutes(5), Duration.ofMinutes(1));
    }

    @Override
    public void begin(Job job) {
        sites.begin(job.requireSiteId());
    }

    @Override
    public void begin(List<Job> jobs) {
        sites.begin(jobs.stream().map(Job::requireSiteId).toList());
    }

    @Override
    public void run(Job job, WorkLog log) {}

    @Override
    public void succeed(Job job) {
        succeed(List.of(job));
    }

    @Override
    public void succeed(List<Job> jobs) {
        sites.settle(jobs.stream().map(Job::requireSiteId).toList());
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                jobs.forEach(job -> open.countDown());
            }
        });
    }

    @Override
    public void fail(Job job, JobFailure failure, boolean undone) {
        throw new IllegalStateException("job %s failed: %s".formatted(job.id(), failure));
    }
}
