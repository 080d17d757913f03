package io.pressluft.controlplane.preview;

import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.UndertowClient;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.OptionMap;

/**
 * Connects to one web server anew for each request. A connection that was opened ahead of its request would stay with a
 * web server's retiring worker, which answers with the virtual hosts of before its reload.
 */
final class OneRequestConnections implements ProxyClient {

    private static final ProxyTarget TARGET = new ProxyTarget() {};

    private final URI server;

    /** @param server scheme, address and port */
    OneRequestConnections(URI server) {
        this.server = server;
    }

    @Override
    public ProxyTarget findTarget(HttpServerExchange exchange) {
        return TARGET;
    }

    @Override
    public void getConnection(
            ProxyTarget target,
            HttpServerExchange exchange,
            ProxyCallback<ProxyConnection> callback,
            long timeout,
            TimeUnit unit) {
        UndertowClient.getInstance()
                .connect(
                        new Connected(exchange, callback),
                        server,
                        exchange.getIoThread(),
                        exchange.getConnection().getByteBufferPool(),
                        OptionMap.EMPTY);
    }

    private record Connected(HttpServerExchange exchange, ProxyCallback<ProxyConnection> callback)
            implements ClientCallback<ClientConnection> {

        @Override
        public void completed(ClientConnection connection) {
            if (exchange.isComplete()) {
                IoUtils.safeClose(connection); // the browser went, or the request took too long, while it was made
                return;
            }
            exchange.addExchangeCompleteListener((done, next) -> {
                IoUtils.safeClose(connection);
                next.proceed();
            });
            callback.completed(exchange, new ProxyConnection(connection, "/"));
        }

        @Override
        public void failed(IOException reason) {
            callback.failed(exchange);
        }
    }
}
