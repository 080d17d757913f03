package io.pressluft.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A server on a real socket that answers as it was told to, request by request; the last answer stays. */
final class FakeControlPlane implements AutoCloseable {
    record Request(String method, String path, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        }
    }

    static {
        // Without it, head and body of an answer wait for each other on a connection that is used again.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Answer>> script = new HashMap<>();
    private final HttpServer server;

    FakeControlPlane() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    FakeControlPlane on(String request, Answer... answers) {
        synchronized (script) {
            script.computeIfAbsent(request, ignored -> new ArrayDeque<>()).addAll(List.of(answers));
        }
        return this;
    }

    FakeControlPlane on(String request, int status, String json) {
        return on(request, json(status, json));
    }

    static Answer json(int status, String json) {
        return text(status, "application/json", json);
    }

    static Answer text(int status, String type, String text) {
        return exchange -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** An event stream that ends after this text, cleanly or not. */
    static Answer events(String text) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            body.write(text.getBytes(StandardCharsets.UTF_8));
            body.flush();
        };
    }

    /** Breaks the connection in the middle of a chunked answer. */
    static Answer brokenEvents(String text) {
        return exchange -> {
            events(text).to(exchange);
            throw new IOException("scripted break");
        };
    }

    /** Hangs up without a word. */
    static Answer hangUp() {
        return exchange -> {
            throw new IOException("scripted hang-up");
        };
    }

    List<Request> received(String method, String path) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().equals(path))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            String path = exchange.getRequestURI().toString();
            var headers = new HashMap<String, String>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(exchange.getRequestMethod(), path, headers, body));
            Answer answer;
            synchronized (script) {
                String asked = exchange.getRequestMethod() + " ";
                Deque<Answer> answers = script.getOrDefault(
                        asked + path,
                        script.get(asked + exchange.getRequestURI().getPath()));
                if (answers == null || answers.isEmpty())
                    answer = json(
                            404,
                            "{\"code\":\"not_found\",\"message\":\"Nothing is at %s\",\"details\":[],\"remediation\":\"\"}"
                                    .formatted(path));
                else answer = answers.size() == 1 ? answers.getFirst() : answers.removeFirst();
            }
            answer.to(exchange);
        } finally {
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
