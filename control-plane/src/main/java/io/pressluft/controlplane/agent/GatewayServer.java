package io.pressluft.controlplane.agent;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.pressluft.controlplane.settings.Instance;
import io.pressluft.controlplane.trust.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The listener that agents dial: enrolment with a token, everything else with a client certificate. */
@Component
class GatewayServer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(GatewayServer.class);

    /** The key lives in memory only; a restart makes another. Longer than any uptime we expect without a restart. */
    private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(397);

    private static final int LARGEST_MESSAGE = 1 << 20;

    private final Instance instance;
    private final CertificateAuthority authority;
    private final PeerCertificates peers;
    private final EnrolmentService enrolment;
    private final GatewayService gateway;
    private volatile @Nullable Server server;

    GatewayServer(
            Instance instance,
            CertificateAuthority authority,
            PeerCertificates peers,
            EnrolmentService enrolment,
            GatewayService gateway) {
        this.instance = instance;
        this.authority = authority;
        this.peers = peers;
        this.enrolment = enrolment;
        this.gateway = gateway;
    }

    @Override
    public void start() {
        var key = CertificateAuthority.newKey();
        var certificate = authority.issueServer(key, CERTIFICATE_LIFETIME);
        try {
            var tls = GrpcSslContexts.configure(SslContextBuilder.forServer(key.getPrivate(), certificate))
                    .trustManager(authority.root())
                    .clientAuth(ClientAuth.OPTIONAL)
                    .protocols("TLSv1.3")
                    .build();
            server = NettyServerBuilder.forAddress(new InetSocketAddress(instance.gatewayPort()))
                    .sslContext(tls)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .maxInboundMessageSize(LARGEST_MESSAGE)
                    .keepAliveTime(30, TimeUnit.SECONDS)
                    .permitKeepAliveTime(5, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .addService(enrolment)
                    .addService(ServerInterceptors.intercept(gateway, peers))
                    .build()
                    .start();
            log.info("gateway port={}", instance.gatewayPort());
        } catch (IOException e) {
            throw new UncheckedIOException("the agent gateway cannot listen", e);
        }
    }

    @Override
    public void stop() {
        var running = server;
        if (running == null) {
            return;
        }
        running.shutdownNow();
        try {
            running.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server = null;
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }
}
