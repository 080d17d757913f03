package io.pressluft.controlplane.harness;

import io.pressluft.controlplane.ControlPlane;
import io.pressluft.controlplane.settings.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The whole application as {@code main} starts it, on free ports. Two beans differ: the clock can be put forward, and no
 * provider makes machines.
 */
public final class RunningControlPlane implements AutoCloseable {

    private final SettableClock clock = new SettableClock();
    private final TestServers servers;
    private final Instance instance;
    private final ConfigurableApplicationContext context;

    RunningControlPlane(TestServers servers) {
        this.servers = servers;
        var ports = freePorts();
        this.instance = new Instance(
                "0123abcd",
                servers.directory(),
                repository(),
                ports.removeFirst(),
                ports.removeFirst(),
                ports.removeFirst(),
                true);
        ApplicationContextInitializer<GenericApplicationContext> forTests =
                context -> context.addBeanFactoryPostProcessor(beans -> {
                    var factory = (DefaultListableBeanFactory) beans;
                    factory.removeBeanDefinition("nspawnProvider");
                    factory.registerSingleton("scriptedProvider", new ScriptedProvider());
                    factory.removeBeanDefinition("clock");
                    factory.registerSingleton("clock", clock);
                });
        this.context = ControlPlane.application(instance, servers.properties())
                .initializers(forTests)
                .run();
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

    public TestServers servers() {
        return servers;
    }

    public SettableClock clock() {
        return clock;
    }

    public Rows rows() {
        return new Rows(jdbc(), clock);
    }

    /** The API token that the application made for its machine's operator. */
    public String operatorToken() {
        try {
            return Files.readString(servers.directory().resolve("operator.token"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nodes, sites, jobs and everything about them are gone; users and the certificate authority stay. */
    void clean() {
        clock.reset();
        while (true) {
            try {
                jdbc().sql("TRUNCATE node, site, fence, login_attempt, setting, audit_entry CASCADE")
                        .update();
                return;
            } catch (ConcurrencyFailureException metABackgroundLoop) {
                Thread.onSpinWait();
            }
        }
    }

    private static List<Integer> freePorts() {
        Set<Integer> ports = new HashSet<>();
        while (ports.size() < 3) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ports.add(socket.getLocalPort());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new ArrayList<>(ports);
    }

    @Override
    public void close() {
        context.close();
    }
}
