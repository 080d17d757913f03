package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.harness.TestServers;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;

/** A whole control plane in which nothing happens by itself: no clock runs out and nobody takes a job but a test. */
final class QuietControlPlane implements AutoCloseable {

    private final RunningControlPlane app;
    private final AtomicReference<RewrittenDatabase> database = new AtomicReference<>();

    /** @param database made anew */
    QuietControlPlane(TestServers servers, String database) {
        var jdbc = new AtomicReference<JdbcClient>();
        this.app = RunningControlPlane.alone(servers, database, beans -> {
            for (var schedules : beans.getBeanNamesForType(ScheduledAnnotationBeanPostProcessor.class, false, false)) {
                beans.removeBeanDefinition(schedules);
            }
            beans.removeBeanDefinition("proofs");
            beans.registerBeanDefinition("proofs", new RootBeanDefinition(ScriptedProofs.class));
            beans.addBeanPostProcessor(new Rewriting());
            beans.registerSingleton("modelDeploy", new ModelTypes.Deploy(jdbc::get));
            beans.registerSingleton("modelCheck", new ModelTypes.Check());
            beans.registerSingleton("modelReprovision", new ModelTypes.Reprovision(jdbc::get));
        });
        jdbc.set(app.jdbc());
        for (var loop : List.of("workers", "jobFeed")) {
            app.bean(loop, SmartLifecycle.class).stop();
        }
    }

    private final class Rewriting implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof DataSource real) {
                var rewritten = new RewrittenDatabase(real);
                database.set(rewritten);
                return rewritten;
            }
            return bean;
        }
    }

    RewrittenDatabase database() {
        return Objects.requireNonNull(database.get());
    }

    RunningControlPlane app() {
        return app;
    }

    @Override
    public void close() {
        app.close();
    }
}
