package io.pressluft.controlplane;

import io.pressluft.controlplane.embedded.EmbeddedServers;
import io.pressluft.controlplane.settings.Instance;
import io.pressluft.controlplane.settings.InstanceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts the control plane, with the servers it needs when none are configured. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class ControlPlane {

    /** sysexits.h EX_CONFIG: what was asked for cannot be started as it is configured. */
    private static final int CONFIGURATION_ERROR = 78;

    private static final Duration LONGEST_STOP = Duration.ofSeconds(40);

    /** Exits 0 after a clean stop, 78 when the configuration does not allow a start, 1 otherwise. */
    public static void main(String[] arguments) throws InterruptedException {
        var options = StartOptions.of(arguments);
        try {
            if (options.purge()) {
                Purge.run(options);
                return;
            }
            run(options, arguments);
        } catch (InstanceFiles.StartException refused) {
            System.err.println(refused.code() + ": " + refused.getMessage());
            System.exit(CONFIGURATION_ERROR);
        } catch (IOException e) {
            System.err.println("start_failed: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(StartOptions options, String[] arguments) throws IOException, InterruptedException {
        var instance = InstanceFiles.open(options.data(), options.home(), options.ephemeral());
        var servers = EmbeddedServers.start(instance.dataDirectory(), !options.ownDatabase(), !options.ownBroker());
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(stop, stopped)));
        try (servers;
                var _ = application(instance, servers.properties()).run(arguments)) {
            stop.await();
        } finally {
            stopped.countDown();
        }
    }

    /** Lets the main thread close everything in order; a stop that hangs must not keep the process alive for ever. */
    private static void finish(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            if (stopped.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
                // Everything is closed; a stop that was asked for and went well is no failure.
                Runtime.getRuntime().halt(0);
            } else {
                System.err.println(
                        "stop_timeout: the control plane did not stop in order within " + LONGEST_STOP + ".");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The application over an opened instance. Its servers must outlive it, so the caller closes the context. */
    public static SpringApplicationBuilder application(Instance instance, Map<String, Object> servers) {
        var properties = new TreeMap<>(servers);
        properties.put("server.port", instance.httpPort());
        ApplicationContextInitializer<GenericApplicationContext> knows =
                context -> context.registerBean(Instance.class, () -> instance);
        return new SpringApplicationBuilder(ControlPlane.class)
                .initializers(knows)
                .properties(properties)
                .registerShutdownHook(false);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Where the instance keeps its data and what the product was unpacked to. */
    record StartOptions(
            Path data, Path home, boolean ephemeral, boolean purge, boolean ownDatabase, boolean ownBroker) {

        static StartOptions of(String[] arguments) {
            var given = new TreeMap<String, String>();
            for (var argument : arguments) {
                var equals = argument.indexOf('=');
                if (argument.startsWith("--") && equals > 0) {
                    given.put(argument.substring(2, equals), argument.substring(equals + 1));
                }
            }
            var home = Path.of(given.getOrDefault("pressluft.home", "."));
            return new StartOptions(
                    Path.of(given.getOrDefault(
                            "pressluft.data", home.resolve(".pressluft").toString())),
                    home,
                    Boolean.parseBoolean(given.getOrDefault("pressluft.ephemeral", "false")),
                    Boolean.parseBoolean(given.getOrDefault("pressluft.purge", "false")),
                    given.containsKey("spring.datasource.url") || System.getenv("SPRING_DATASOURCE_URL") != null,
                    given.containsKey("spring.data.redis.url") || System.getenv("SPRING_DATA_REDIS_URL") != null);
        }
    }
}
