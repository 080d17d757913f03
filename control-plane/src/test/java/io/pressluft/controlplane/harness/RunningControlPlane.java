package io.pressluft.controlplane.harness;

import io.pressluft.controlplane.ControlPlane;
import io.pressluft.controlplane.agent.Listening;
import io.pressluft.controlplane.provider.NodeSource;
import io.pressluft.controlplane.settings.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The whole application as {@code main} starts it, on free ports. Few beans differ: clock and ticks can be put forward, and no
 * provider makes machines or connects to any.
 */
public final class RunningControlPlane implements AutoCloseable {

    /** Less than the silence after which a pause counts as an absence. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final SettableClock clock = new SettableClock();
    private final SettableTicks ticks = new SettableTicks();
    private final Path data;
    private final Instance instance;
    private final ConfigurableApplicationContext context;

    RunningControlPlane(TestServers servers) {
        this(servers, "first", Map.of(), beans -> {});
    }

    private RunningControlPlane(
            TestServers servers,
            String name,
            Map<String, Object> properties,
            Consumer<DefaultListableBeanFactory> also) {
        this.data = servers.directory().resolve(name);
        this.instance = new Instance(
                "0123abcd", directory(data), repository(), FreePorts.one(), FreePorts.one(), FreePorts.one(), true);
        ApplicationContextInitializer<GenericApplicationContext> forTests =
                context -> context.addBeanFactoryPostProcessor(beans -> {
                    var factory = (DefaultListableBeanFactory) beans;
                    factory.removeBeanDefinition("nspawnProvider");
                    factory.registerSingleton("scriptedProvider", new ScriptedProvider("scripted", NodeSource.LOCAL));
                    factory.removeBeanDefinition("sshProvider");
                    factory.registerSingleton("serverProvider", new ScriptedProvider("ssh", NodeSource.REMOTE));
                    factory.registerSingleton("scriptedWork", new ScriptedWork());
                    factory.registerSingleton("scriptedChange", new ScriptedChange());
                    factory.removeBeanDefinition("clock");
                    factory.registerSingleton("clock", clock);
                    factory.removeBeanDefinition("systemTicks");
                    factory.registerSingleton("ticks", ticks);
                    also.accept(factory);
                });
        var all = servers.properties();
        all.putAll(properties);
        this.context =
                ControlPlane.application(instance, all).initializers(forTests).run();
    }

    /** Another replica over the same database; its master key is the first one's. The caller closes it. */
    public static RunningControlPlane replica(TestServers servers, Map<String, Object> properties) {
        try {
            var data = directory(servers.directory().resolve("replica"));
            Files.copy(
                    servers.directory().resolve("first/master.key"),
                    data.resolve("master.key"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RunningControlPlane(servers, "replica", properties, beans -> {});
    }

    /**
     * An application over a database of its own, which it makes. The caller closes it.
     *
     * @param name of the database
     * @param also changes to its beans
     */
    public static RunningControlPlane alone(
            TestServers servers, String name, Consumer<DefaultListableBeanFactory> also) {
        return new RunningControlPlane(servers, name, servers.emptyDatabase(name), also);
    }

    /** One with further beans, by name. The caller closes it. */
    public static RunningControlPlane with(
            TestServers servers, Map<String, Object> properties, Map<String, Object> further) {
        return new RunningControlPlane(
                servers, "first", properties, beans -> further.forEach(beans::registerSingleton));
    }

    /** An application over a database that may crash. The caller closes it, before the database. */
    public static RunningControlPlane over(TestServers servers, CrashingDatabase database) {
        return new RunningControlPlane(servers, "crashing-application", database.properties(), beans -> {});
    }

    private static Path directory(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path repository() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A bean whose class its own package keeps to itself. */
    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    public JdbcClient jdbc() {
        return bean(JdbcClient.class);
    }

    public TransactionTemplate transaction() {
        return bean(TransactionTemplate.class);
    }

    public Instance instance() {
        return instance;
    }

    /** A client with the operator's token. */
    public Api api() {
        return new Api(instance.url(), operatorToken());
    }

    /** A client with a token that another replica knows as well. */
    public Api api(String token) {
        return new Api(instance.url(), token);
    }

    /** A client that is not signed in. */
    public Api stranger() {
        return new Api(instance.url(), "");
    }

    public SettableTicks ticks() {
        return ticks;
    }

    public SettableClock clock() {
        return clock;
    }

    /** It has listened to agents for that long without a pause. */
    public void listensFor(Duration time) {
        for (var left = time; left.isPositive(); left = left.minus(LOOK)) {
            ticks.advance(LOOK);
            bean(Listening.class).longEnough();
        }
    }

    public Rows rows() {
        return new Rows(jdbc(), clock);
    }

    /** The API token that the application made for its machine's operator. */
    public String operatorToken() {
        try {
            return Files.readString(data.resolve("operator.token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nodes, sites, jobs and everything about them are gone; users and the certificate authority stay. */
    public void clean() {
        clock.reset();
        while (true) {
            try {
                transaction().executeWithoutResult(status -> empty());
                return;
            } catch (ConcurrencyFailureException metABackgroundLoop) {
                Thread.onSpinWait();
            }
        }
    }

    /** The triggers that refuse this look the other way for a replica of the database, which only its superuser says. */
    private void empty() {
        jdbc().sql("SET LOCAL session_replication_role = replica").update();
        jdbc().sql("TRUNCATE node, site, fence, login_attempt, setting, audit_entry, incident, alert_channel CASCADE")
                .update();
        jdbc().sql("DELETE FROM secret WHERE name LIKE 'setting:%'").update();
    }

    @Override
    public void close() {
        context.close();
    }
}
