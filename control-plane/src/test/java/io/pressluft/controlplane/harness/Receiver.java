package io.pressluft.controlplane.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP server on loopback that keeps what is posted to it and answers as a test says. */
public final class Receiver implements AutoCloseable {

    private static final int OK = 200;

    private final HttpServer server;
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();

    /** What was posted. */
    public record Post(String path, String signature, String body) {
        public JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        public String field(String name) {
            return json().path(name).asString("");
        }
    }

    public Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:%d/hook".formatted(server.getAddress().getPort());
    }

    /** The next answers have these statuses; after them come good ones. */
    public void answers(Integer... next) {
        statuses.addAll(List.of(next));
    }

    public List<Post> posts() {
        return List.copyOf(posts);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            posts.add(new Post(
                    exchange.getRequestURI().getPath(),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Pressluft-Signature"))
                            .orElse(""),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(Optional.ofNullable(statuses.poll()).orElse(OK), -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
