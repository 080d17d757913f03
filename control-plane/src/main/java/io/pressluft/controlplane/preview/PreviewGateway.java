package io.pressluft.controlplane.preview;

import io.pressluft.controlplane.environment.Environments;
import io.pressluft.controlplane.settings.Instance;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.proxy.ProxyHandler;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * A reverse proxy on loopback: the host name chooses the local node, and everything else is passed on as it came. It
 * exists because {@code name.localhost} means this machine to a browser, while the site lives on a node's own address.
 */
@Component
class PreviewGateway implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PreviewGateway.class);

    /** Longer than PHP's own limit for a request on a node. */
    private static final int LONGEST_REQUEST_MS = 120_000;

    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9.-]{1,253})(:[0-9]{1,5})?");

    private final Environments environments;
    private final Instance instance;
    private final Map<String, HttpHandler> nodes = new ConcurrentHashMap<>();
    private volatile @Nullable Undertow server;

    PreviewGateway(Environments environments, Instance instance) {
        this.environments = environments;
        this.instance = instance;
    }

    private void handle(HttpServerExchange exchange) throws Exception {
        Optional<String> address;
        try {
            address = name(exchange).flatMap(environments::localAddress);
        } catch (DataAccessException e) {
            refuse(exchange, StatusCodes.SERVICE_UNAVAILABLE, "The control plane's database cannot be reached.");
            return;
        }
        if (address.isEmpty()) {
            refuse(exchange, StatusCodes.NOT_FOUND, "No site that this Pressluft serves has this name.");
            return;
        }
        exchange.dispatch(nodes.computeIfAbsent(address.get(), PreviewGateway::proxyTo));
    }

    /** The name that was asked for, without its port. Undertow's own reading of it ends at a bracket without its pair. */
    private static Optional<String> name(HttpServerExchange exchange) {
        var host = HOST.matcher(
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(Headers.HOST), ""));
        return host.matches() ? Optional.of(host.group(1)) : Optional.empty();
    }

    private static HttpHandler proxyTo(String address) {
        return ProxyHandler.builder()
                .setProxyClient(new OneRequestConnections(URI.create("http://" + address + ":80")))
                .setMaxRequestTime(LONGEST_REQUEST_MS)
                .setReuseXForwarded(false)
                .setMaxConnectionRetries(1)
                .build();
    }

    private static void refuse(HttpServerExchange exchange, int status, String sentence) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(sentence + "\n");
    }

    @Override
    public void start() {
        var fresh = Undertow.builder()
                .addHttpListener(instance.previewPort(), "127.0.0.1")
                .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .setIoThreads(2)
                .setHandler(new BlockingHandler(this::handle))
                .build();
        fresh.start();
        server = fresh;
        log.info("previews port={}", instance.previewPort());
    }

    @Override
    public void stop() {
        var running = server;
        if (running != null) {
            running.stop();
            server = null;
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }
}
