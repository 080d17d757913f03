package io.pressluft.cli;

import static io.pressluft.cli.FakeControlPlane.json;
import static io.pressluft.cli.FakeControlPlane.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** The main class of a jar that stands in for the control plane: a real process that keeps the instance contract. */
final class FakeInstance {
    private static final String NODE =
            "{\"id\":\"node_aaaaaaaaaaaa\",\"name\":\"one\",\"state\":\"ready\",\"ready\":true,\"online\":true}";

    /** Whoever posts here kills the process. */
    static final String DEATH = "/death";

    private FakeInstance() {}

    private static String option(String[] arguments, String name) {
        String prefix = "--pressluft." + name + "=";
        return Arrays.stream(arguments)
                .filter(argument -> argument.startsWith(prefix))
                .map(argument -> argument.substring(prefix.length()))
                .findFirst()
                .orElse("");
    }

    static void main(String[] arguments) throws IOException, InterruptedException {
        Path data = Path.of(option(arguments, "data"));
        if (option(arguments, "purge").equals("true")) {
            purge(data);
            return;
        }
        Path wish = Path.of(option(arguments, "home"), "behaviour");
        String behaviour = Files.exists(wish) ? Files.readString(wish) : "";
        if (behaviour.equals("refuse")) {
            System.out.println("looking at the ports");
            System.err.println("port_taken: Port 7680 belongs to this instance. Stop the other program.");
            System.exit(78);
        }
        if (!Files.exists(data.resolve("operator.token")))
            System.out.println("PRESSLUFT_ADMIN_PASSWORD user=admin password=s3cret");
        System.out.println("started");
        Files.writeString(data.resolve("operator.token"), "token\n");
        FakeControlPlane server = serve(data, behaviour);
        Path file = data.resolve("instance.json");
        Files.writeString(
                file,
                "{\"url\":\"%s\",\"pid\":%d,\"startedAt\":\"%s\"}"
                        .formatted(server.url(), ProcessHandle.current().pid(), java.time.Instant.now()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            file.toFile().delete();
            Runtime.getRuntime().halt(0);
        }));
        new CountDownLatch(1).await();
    }

    private static FakeControlPlane serve(Path data, String behaviour) throws IOException {
        var server = new FakeControlPlane();
        String port = server.url().substring(server.url().lastIndexOf(':'));
        String environment =
                "{\"id\":\"env_aaaaaaaa\",\"kind\":\"production\",\"state\":\"active\",\"url\":\"http://first.localhost%s\"}"
                        .formatted(port);
        String site = "{\"id\":\"site_aaaaaaaaaaaa\",\"slug\":\"first\",\"state\":\"active\",\"environments\":[%s]}"
                .formatted(environment);
        server.on("GET /health", 200, "{\"status\":\"UP\"}");
        server.on("POST " + DEATH, exchange -> {
            System.err.println("out_of_luck: The database went away.");
            Runtime.getRuntime().halt(1);
        });
        server.on(
                "GET /api/nodes",
                exchange -> json(200, list("nodes", data.resolve("node"), NODE)).to(exchange));
        server.on(
                "GET /api/sites",
                exchange -> json(200, list("sites", data.resolve("site"), site)).to(exchange));
        server.on("POST /api/nodes", exchange -> {
            Files.createFile(data.resolve("node"));
            json(202, "{\"node\":%s,\"job\":{\"id\":\"job_nnnnnnnnnnnn\"}}".formatted(NODE))
                    .to(exchange);
        });
        server.on("POST /api/sites", exchange -> {
            Files.createFile(data.resolve("site"));
            json(202, "{\"site\":%s,\"job\":{\"id\":\"job_ssssssssssss\"}}".formatted(site))
                    .to(exchange);
        });
        server.on("GET /api/jobs/job_nnnnnnnnnnnn", 200, job(behaviour.equals("fail") ? "failed" : "succeeded"));
        server.on("GET /api/jobs/job_ssssssssssss", 200, job("succeeded"));
        server.on(
                "POST /api/environments/env_aaaaaaaa/login",
                201,
                "{\"url\":\"http://first.localhost%s/?pressluft_login=once\"}".formatted(port));
        server.on("GET /", exchange -> {
            boolean ours = ("first.localhost" + port)
                    .equals(exchange.getRequestHeaders().getFirst("Host"));
            text(200, "text/html", ours ? "<html></html>\n<!-- pressluft-proof v1 c2ln -->\n" : "<html>default</html>")
                    .to(exchange);
        });
        return server;
    }

    private static String job(String state) {
        return "{\"id\":\"job_nnnnnnnnnnnn\",\"type\":\"node_provision\",\"state\":\"%s\",".formatted(state)
                + "\"failure\":{\"code\":\"acquisition_failed\",\"message\":\"No bridge\"},"
                + "\"steps\":[{\"ordinal\":1,\"phase\":\"work\",\"name\":\"Boot\",\"outcome\":\"changed\"}]}";
    }

    private static String list(String name, Path made, String item) {
        return "{\"%s\":[%s]}".formatted(name, Files.exists(made) ? item : "");
    }

    private static void purge(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
