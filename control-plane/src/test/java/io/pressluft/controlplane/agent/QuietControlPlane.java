package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.TestServers;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

/** A whole control plane in which nothing happens by itself: no clock runs out and nobody takes a job but a test. */
final class QuietControlPlane implements AutoCloseable {

    private final RunningControlPlane app;

    /** @param database made anew */
    QuietControlPlane(TestServers servers, String database) {
        var jdbc = new AtomicReference<JdbcClient>();
        this.app = RunningControlPlane.alone(servers, database, beans -> {
            for (var schedules : beans.getBeanNamesForType(ScheduledAnnotationBeanPostProcessor.class, false, false)) {
                beans.removeBeanDefinition(schedules);
            }
            beans.removeBeanDefinition("proofs");
            beans.registerBeanDefinition("proofs", new RootBeanDefinition(ScriptedProofs.class));
            beans.registerSingleton("modelDeploy", new ModelTypes.Deploy(jdbc::get));
            beans.registerSingleton("modelCheck", new ModelTypes.Check());
            beans.registerSingleton("modelReprovision", new ModelTypes.Reprovision(jdbc::get));
        });
        jdbc.set(app.jdbc());
        for (var loop : List.of("workers", "jobFeed")) {
            app.bean(loop, SmartLifecycle.class).stop();
        }
    }

    RunningControlPlane app() {
        return app;
    }

    @Override
    public void close() {
        app.close();
    }
}
