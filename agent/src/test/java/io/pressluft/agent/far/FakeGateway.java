package io.pressluft.agent.far;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import io.pressluft.protocol.v1.Certificate;
import io.pressluft.protocol.v1.EnrolRequest;
import io.pressluft.protocol.v1.EnrolmentGrpc;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.GatewayGrpc;
import io.pressluft.protocol.v1.HeartbeatSeen;
import io.pressluft.protocol.v1.Hello;
import io.pressluft.protocol.v1.JobAnswer;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.LogChunk;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.PhaseReport;
import io.pressluft.protocol.v1.RenewRequest;
import io.pressluft.protocol.v1.ReportSeen;
import io.pressluft.protocol.v1.Step;
import io.pressluft.protocol.v1.ToAgent;
import io.pressluft.protocol.v1.Verdict;
import io.pressluft.protocol.v1.Welcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/** A gateway on a real port with real mTLS that remembers what it was told and fails when it is told to. */
public final class FakeGateway {

    private static final Context.Key<X509Certificate> PEER = Context.key("peer");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How the certificates that are issued next live: age already reached, and time left. */
    public record Life(Duration age, Duration left) {}

    private final TestAuthority authority;
    private final Server server;
    private final List<FromAgent> told = new ArrayList<>();
    private final List<StreamObserver<ToAgent>> streams = new CopyOnWriteArrayList<>();
    private final List<X509Certificate> peers = new CopyOnWriteArrayList<>();
    private final List<PublicKey> enrolledKeys = new CopyOnWriteArrayList<>();
    private final List<BigInteger> revoked = new CopyOnWriteArrayList<>();
    private final Map<String, Long> tokens = new HashMap<>();
    private final AtomicInteger lostReports = new AtomicInteger();
    private final AtomicInteger lostEnrolments = new AtomicInteger();
    private final AtomicInteger lostRenewals = new AtomicInteger();
    private volatile boolean deaf;
    private volatile boolean refusesNewest;
    private volatile boolean refusesTokens;
    private volatile Life life = new Life(Duration.ZERO, Duration.ofHours(1));
    private volatile long leaseMillis = 10_000;

    public FakeGateway() throws IOException {
        this(new TestAuthority());
    }

    /** Another gateway that the same nodes trust, and that trusts them. */
    public FakeGateway replica() throws IOException {
        return new FakeGateway(authority);
    }

    private FakeGateway(TestAuthority authority) throws IOException {
        this.authority = authority;
        var pair = TestAuthority.keyPair();
        var tls = TlsServerCredentials.newBuilder()
                .keyManager(stream(authority.serverPem(pair.getPublic())), stream(TestAuthority.keyPem(pair)))
                .trustManager(stream(authority.certificatePem()))
                .clientAuth(TlsServerCredentials.ClientAuth.OPTIONAL)
                .build();
        server = Grpc.newServerBuilderForPort(0, tls)
                .addService(new Enrolment())
                .addService(new Link())
                .intercept(new Peer())
                .build()
                .start();
    }

    /** How often an agent has said hello here. */
    public long hellos() {
        synchronized (told) {
            return told.stream().filter(FromAgent::hasHello).count();
        }
    }

    public int port() {
        return server.getPort();
    }

    public String authorityPem() {
        return authority.certificatePem();
    }

    // --- the script

    /** The answers to the next reports are lost. */
    public void loseReports(int count) {
        lostReports.set(count);
    }

    /** The next enrolments succeed here, but their answers are lost. */
    public void loseEnrolments(int count) {
        lostEnrolments.set(count);
    }

    public void loseRenewals(int count) {
        lostRenewals.set(count);
    }

    /** Neither heartbeats nor the hello of a new connection, which renew the lease, are answered any longer. */
    public void deaf(boolean value) {
        deaf = value;
    }

    public void issue(Life next) {
        life = next;
    }

    public void lease(Duration term) {
        leaseMillis = term.toMillis();
    }

    /** Only the first certificate is let in. */
    public void refuseRenewedCertificates(boolean value) {
        refusesNewest = value;
    }

    /** Whoever comes with this certificate is not let in any more. */
    public void revoke(X509Certificate certificate) {
        revoked.add(certificate.getSerialNumber());
    }

    /** No token buys a certificate. */
    public void refuseTokens(boolean value) {
        refusesTokens = value;
    }

    /** A certificate for the same key and subject with another life. */
    public String reissued(X509Certificate certificate, Life its) {
        return authority.nodePem(
                new X500Name(certificate.getSubjectX500Principal().getName()),
                certificate.getPublicKey(),
                its.age(),
                its.left());
    }

    public void highest(String siteId, long token) {
        tokens.put(siteId, token);
    }

    public void breakStreams() {
        var open = List.copyOf(streams);
        streams.clear();
        open.forEach(stream -> stream.onError(Status.UNAVAILABLE.asRuntimeException()));
    }

    public void offer(JobOffer offer) {
        say(ToAgent.newBuilder().setOffer(offer).build());
    }

    public void verdict(String jobId, Phase phase) {
        say(ToAgent.newBuilder()
                .setVerdict(Verdict.newBuilder().setJobId(jobId).setPhase(phase))
                .build());
    }

    /** Whether an agent's stream is open. */
    public boolean connected() {
        return !streams.isEmpty();
    }

    private void say(ToAgent message) {
        var stream = streams.getLast();
        synchronized (stream) {
            stream.onNext(message);
        }
    }

    // --- what it was told

    public JobAnswer awaitAnswer(String jobId) {
        return await(
                        FromAgent::hasAnswer,
                        message -> message.getAnswer().getJobId().equals(jobId))
                .getAnswer();
    }

    public PhaseReport awaitReport(String jobId, Phase phase) {
        return await(
                        FromAgent::hasReport,
                        message -> message.getReport().getJobId().equals(jobId)
                                && message.getReport().getPhase() == phase)
                .getReport();
    }

    public Step awaitStep(String jobId, String name) {
        return await(
                        FromAgent::hasStep,
                        message -> message.getStep().getJobId().equals(jobId)
                                && message.getStep().getName().equals(name))
                .getStep();
    }

    public Hello awaitHello(int number) {
        return awaitTrue(() -> said(FromAgent::hasHello).toList(), hellos -> hellos.size() >= number)
                .get(number - 1)
                .getHello();
    }

    public List<PhaseReport> reports(String jobId) {
        return said(FromAgent::hasReport)
                .map(FromAgent::getReport)
                .filter(report -> report.getJobId().equals(jobId))
                .toList();
    }

    public List<JobAnswer> answers(String jobId) {
        return said(FromAgent::hasAnswer)
                .map(FromAgent::getAnswer)
                .filter(answer -> answer.getJobId().equals(jobId))
                .toList();
    }

    public List<Step> steps(String jobId) {
        return said(FromAgent::hasStep)
                .map(FromAgent::getStep)
                .filter(step -> step.getJobId().equals(jobId))
                .toList();
    }

    public List<LogChunk> log(String jobId) {
        return said(FromAgent::hasLog)
                .map(FromAgent::getLog)
                .filter(chunk -> chunk.getJobId().equals(jobId))
                .toList();
    }

    public List<FromAgent> heartbeats() {
        return said(FromAgent::hasHeartbeat).toList();
    }

    public List<PublicKey> enrolledKeys() {
        return enrolledKeys;
    }

    /** The certificates that streams were begun with. */
    public List<X509Certificate> peers() {
        return peers;
    }

    private Stream<FromAgent> said(Predicate<FromAgent> kind) {
        synchronized (told) {
            return told.stream().filter(kind).toList().stream();
        }
    }

    private FromAgent await(Predicate<FromAgent> kind, Predicate<FromAgent> which) {
        return awaitTrue(() -> said(kind).filter(which).toList(), found -> !found.isEmpty())
                .getLast();
    }

    private <T> T awaitTrue(java.util.function.Supplier<T> value, Predicate<T> fulfilled) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (told) {
            while (!fulfilled.test(value.get())) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("not told in time; told so far: " + told);
                }
                try {
                    told.wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return value.get();
        }
    }

    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
    }

    private Certificate certificate(byte[] request) {
        try {
            var csr = new JcaPKCS10CertificationRequest(request);
            if (!csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(csr.getPublicKey()))) {
                throw Status.INVALID_ARGUMENT.asRuntimeException();
            }
            return Certificate.newBuilder()
                    .setChainPem(authority.nodePem(csr.getSubject(), csr.getPublicKey(), life.age(), life.left()))
                    .build();
        } catch (IOException | PKCSException | OperatorCreationException | java.security.GeneralSecurityException e) {
            throw Status.INVALID_ARGUMENT.withCause(e).asRuntimeException();
        }
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }

    private final class Enrolment extends EnrolmentGrpc.EnrolmentImplBase {
        @Override
        public void enrol(EnrolRequest request, StreamObserver<Certificate> answer) {
            if (refusesTokens) {
                answer.onError(Status.PERMISSION_DENIED.asRuntimeException());
                return;
            }
            try {
                enrolledKeys.add(new JcaPKCS10CertificationRequest(
                                request.getCertificateRequestDer().toByteArray())
                        .getPublicKey());
            } catch (IOException | java.security.GeneralSecurityException e) {
                throw Status.INVALID_ARGUMENT.withCause(e).asRuntimeException();
            }
            answerUnlessLost(
                    lostEnrolments,
                    certificate(request.getCertificateRequestDer().toByteArray()),
                    answer);
        }
    }

    private static void answerUnlessLost(
            AtomicInteger lost, Certificate certificate, StreamObserver<Certificate> answer) {
        if (lost.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer.onError(Status.UNAVAILABLE.asRuntimeException());
            return;
        }
        answer.onNext(certificate);
        answer.onCompleted();
    }

    private final class Link extends GatewayGrpc.GatewayImplBase {
        @Override
        public void renew(RenewRequest request, StreamObserver<Certificate> answer) {
            answerUnlessLost(
                    lostRenewals, certificate(request.getCertificateRequestDer().toByteArray()), answer);
        }

        @Override
        public StreamObserver<FromAgent> connect(StreamObserver<ToAgent> answers) {
            var peer = PEER.get();
            var firstSerial = peers.isEmpty() ? null : peers.getFirst().getSerialNumber();
            boolean newest = refusesNewest && firstSerial != null && !firstSerial.equals(peer.getSerialNumber());
            if (newest || revoked.contains(peer.getSerialNumber())) {
                answers.onError(Status.UNAUTHENTICATED.asRuntimeException());
                return new Listener(answers, false);
            }
            peers.add(peer);
            streams.add(answers);
            return new Listener(answers, true);
        }
    }

    private final class Listener implements StreamObserver<FromAgent> {
        private final StreamObserver<ToAgent> answers;
        private final boolean open;

        Listener(StreamObserver<ToAgent> answers, boolean open) {
            this.answers = answers;
            this.open = open;
        }

        @Override
        public void onNext(FromAgent message) {
            if (!open) {
                return;
            }
            var answer = answer(message);
            if (answer != null) {
                synchronized (answers) {
                    answers.onNext(answer);
                }
            }
            synchronized (told) {
                told.add(message);
                told.notifyAll();
            }
        }

        private @Nullable ToAgent answer(FromAgent message) {
            return switch (message.getMessageCase()) {
                case HELLO ->
                    deaf
                            ? null
                            : ToAgent.newBuilder()
                                    .setWelcome(Welcome.newBuilder()
                                            .setHeartbeatMs(60)
                                            .setLeaseMs(leaseMillis)
                                            .putAllTokens(tokens))
                                    .build();
                case HEARTBEAT ->
                    deaf
                            ? null
                            : ToAgent.newBuilder()
                                    .setHeartbeatSeen(HeartbeatSeen.newBuilder()
                                            .setSequence(message.getHeartbeat().getSequence()))
                                    .build();
                case REPORT ->
                    lostReports.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                            ? null
                            : ToAgent.newBuilder()
                                    .setReportSeen(ReportSeen.newBuilder()
                                            .setJobId(message.getReport().getJobId())
                                            .setPhase(message.getReport().getPhase()))
                                    .build();
                default -> null;
            };
        }

        @Override
        public void onError(Throwable error) {
            streams.remove(answers);
        }

        @Override
        public void onCompleted() {
            if (streams.remove(answers)) {
                answers.onCompleted();
            }
        }
    }

    private static final class Peer implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            var context = Context.current();
            try {
                if (session != null) {
                    context = context.withValue(PEER, (X509Certificate) session.getPeerCertificates()[0]);
                }
            } catch (SSLPeerUnverifiedException anonymous) {
                if (!call.getMethodDescriptor().getFullMethodName().contains("Enrolment")) {
                    call.close(Status.UNAUTHENTICATED, new Metadata());
                    return new ServerCall.Listener<>() {};
                }
            }
            return Contexts.interceptCall(context, call, headers, next);
        }
    }
}
