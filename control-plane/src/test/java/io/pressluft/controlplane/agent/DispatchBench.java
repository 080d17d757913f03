package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.ScriptedChange;
import io.pressluft.controlplane.job.Jobs;
import io.pressluft.controlplane.job.NewJob;
import io.pressluft.controlplane.job.Requester;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.ToAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * How long it takes from a job to its agent when nothing else is going on: one job at a time, over the gateway's real
 * mutual TLS, from just before the commit of the enqueuing transaction until the offer is in the agent's hands.
 */
public final class DispatchBench {

    private final RunningControlPlane app;
    private final String node;

    public DispatchBench(RunningControlPlane app, String node) {
        this.app = app;
        this.node = node;
    }

    /** Each job's time, for one job of each site. */
    public List<Duration> run(List<String> sites) {
        var times = new ArrayList<Duration>();
        try (var agent = ScriptedAgent.enrolled(app, node).connect()) {
            for (var site : sites) {
                times.add(dispatch(agent, site));
            }
        }
        return times;
    }

    private Duration dispatch(ScriptedAgent agent, String site) {
        var begun = new AtomicLong();
        var job = Objects.requireNonNull(app.transaction().execute(status -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    begun.set(System.nanoTime());
                }
            });
            return app.bean(Jobs.class).enqueue(wanted(site));
        }));
        agent.await(message -> message.getOffer().getJobId().equals(job.id()));
        var took = Duration.ofNanos(System.nanoTime() - begun.get());
        agent.send(Says.accepted(job.id()));
        agent.send(Says.applied(job.id(), "any"));
        agent.await(ToAgent::hasVerdict);
        agent.send(Says.committed(job.id()));
        agent.await(message -> message.getReportSeen().getPhase() == Phase.COMMIT);
        return took;
    }

    private NewJob wanted(String site) {
        return new NewJob(
                ScriptedChange.TYPE,
                site,
                null,
                node,
                List.of(),
                Map.of(),
                new Requester("bench", null),
                null,
                1,
                Duration.ZERO);
    }
}
