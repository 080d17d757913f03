package io.pressluft.controlplane.agent;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.pressluft.controlplane.harness.RunningControlPlane;
import io.pressluft.controlplane.trust.CertificateAuthority;
import io.pressluft.controlplane.trust.EnrolmentTokens;
import io.pressluft.protocol.v1.EnrolRequest;
import io.pressluft.protocol.v1.EnrolmentGrpc;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.GatewayGrpc;
import io.pressluft.protocol.v1.Hello;
import io.pressluft.protocol.v1.JobInHand;
import io.pressluft.protocol.v1.RenewRequest;
import io.pressluft.protocol.v1.ToAgent;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** The far end of the gateway, said word by word by a test: enrolled for real, over real mutual TLS. */
public final class ScriptedAgent implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ManagedChannel channel;
    private final KeyPair key;
    private final List<X509Certificate> chain;
    private final LinkedBlockingQueue<ToAgent> received = new LinkedBlockingQueue<>();
    private final CopyOnWriteArrayList<ToAgent> passedOver = new CopyOnWriteArrayList<>();
    private volatile CompletableFuture<Status> end = new CompletableFuture<>();
    private volatile StreamObserver<FromAgent> stream;

    private ScriptedAgent(RunningControlPlane app, KeyPair key, List<X509Certificate> chain) {
        this.channel = channel(app, key, chain);
        this.key = key;
        this.chain = chain;
    }

    /** An agent with a certificate of its own for the node. */
    static ScriptedAgent enrolled(RunningControlPlane app, String nodeId) {
        var key = CertificateAuthority.newKey();
        var token = app.bean(EnrolmentTokens.class).create(nodeId).reveal();
        return enrolledWith(app, nodeId, token, key);
    }

    /** The same with a token and a key that the test has. */
    static ScriptedAgent enrolledWith(RunningControlPlane app, String nodeId, String token, KeyPair key) {
        return new ScriptedAgent(app, key, enrol(app, nodeId, token, key));
    }

    static ScriptedAgent without(RunningControlPlane app) {
        return new ScriptedAgent(app, CertificateAuthority.newKey(), List.of());
    }

    /** @throws io.grpc.StatusRuntimeException as the gateway answers */
    static List<X509Certificate> enrol(RunningControlPlane app, String nodeId, String token, KeyPair key) {
        var channel = channel(app, key, List.of());
        try {
            var answer = EnrolmentGrpc.newBlockingStub(channel)
                    .enrol(EnrolRequest.newBuilder()
                            .setNodeId(nodeId)
                            .setToken(token)
                            .setCertificateRequestDer(ByteString.copyFrom(request(key)))
                            .build());
            return certificates(answer.getChainPem());
        } finally {
            channel.shutdownNow();
        }
    }

    static byte[] request(KeyPair key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
            return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=anything"), key.getPublic())
                    .build(signer)
                    .getEncoded();
        } catch (OperatorCreationException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (java.security.cert.CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ManagedChannel channel(RunningControlPlane app, KeyPair key, List<X509Certificate> chain) {
        try {
            var tls = GrpcSslContexts.forClient()
                    .trustManager(app.bean(CertificateAuthority.class).root())
                    .protocols("TLSv1.3");
            if (!chain.isEmpty()) {
                tls.keyManager(key.getPrivate(), chain.toArray(new X509Certificate[0]));
            }
            return NettyChannelBuilder.forAddress("127.0.0.1", app.instance().gatewayPort())
                    .overrideAuthority(CertificateAuthority.GATEWAY_NAME)
                    .sslContext(tls.build())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same agent at the gateway of another replica. */
    ScriptedAgent at(RunningControlPlane other) {
        return new ScriptedAgent(other, key, chain);
    }

    ManagedChannel channel() {
        return channel;
    }

    /** The same node with a certificate that this one renewed for {@code key}. */
    ScriptedAgent renewed(RunningControlPlane app, KeyPair key) {
        var answer = GatewayGrpc.newBlockingStub(channel)
                .renew(RenewRequest.newBuilder()
                        .setCertificateRequestDer(ByteString.copyFrom(request(key)))
                        .build());
        return new ScriptedAgent(app, key, certificates(answer.getChainPem()));
    }

    /** Opens a stream, says hello and hears the welcome. */
    ScriptedAgent connect(JobInHand... jobs) {
        return connectAs("0.1.0", jobs);
    }

    /** The same as an agent of some version. */
    ScriptedAgent connectAs(String version, JobInHand... jobs) {
        open();
        send(FromAgent.newBuilder()
                .setHello(Hello.newBuilder()
                        .setAgentVersion(version)
                        .setBootId("boot")
                        .addAllJobs(List.of(jobs))
                        .addPlaybooks("site-create.yml")));
        await(ToAgent::hasWelcome);
        return this;
    }

    void open() {
        received.clear();
        passedOver.clear();
        var ended = new CompletableFuture<Status>();
        end = ended;
        stream = GatewayGrpc.newStub(channel).connect(new StreamObserver<>() {
            @Override
            public void onNext(ToAgent message) {
                received.add(message);
            }

            @Override
            public void onError(Throwable cut) {
                ended.complete(Status.fromThrowable(cut));
            }

            @Override
            public void onCompleted() {
                ended.complete(Status.OK);
            }
        });
    }

    void send(FromAgent.Builder message) {
        stream.onNext(message.build());
    }

    /** Ends the stream as a cut cable would, as far as the gateway sees. */
    void cut() {
        stream.onError(Status.CANCELLED.asRuntimeException());
        status();
    }

    /** The first message that fits, whether it has come already or not. */
    ToAgent await(Predicate<ToAgent> wanted) {
        var earlier = passedOver.stream().filter(wanted).findFirst();
        if (earlier.isPresent()) {
            passedOver.remove(earlier.get());
            return earlier.get();
        }
        var until = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (System.nanoTime() < until) {
                var message = received.poll(50, TimeUnit.MILLISECONDS);
                if (message != null && wanted.test(message)) {
                    return message;
                }
                if (message != null) {
                    passedOver.add(message);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("never received; got " + passedOver + ", stream " + end.getNow(Status.OK));
    }

    /** How the gateway ended the stream. */
    Status status() {
        try {
            return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the stream is still open", e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
