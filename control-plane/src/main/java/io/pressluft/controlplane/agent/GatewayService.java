package io.pressluft.controlplane.agent;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pressluft.controlplane.trust.NodeCertificates;
import io.pressluft.protocol.v1.Certificate;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.GatewayGrpc;
import io.pressluft.protocol.v1.RenewRequest;
import io.pressluft.protocol.v1.ToAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** The service behind mutual TLS: one stream per node, and renewal of its certificate. */
@Component
class GatewayService extends GatewayGrpc.GatewayImplBase {

    private static final Logger log = LoggerFactory.getLogger(GatewayService.class);

    private final AgentLinks links;
    private final NodeCertificates certificates;

    GatewayService(AgentLinks links, NodeCertificates certificates) {
        this.links = links;
        this.certificates = certificates;
    }

    @Override
    public StreamObserver<FromAgent> connect(StreamObserver<ToAgent> toAgent) {
        var node = PeerCertificates.NODE.get();
        var link = links.opened(node, PeerCertificates.SERIAL.get(), toAgent);
        var pace = ReadingPace.of((ServerCallStreamObserver<ToAgent>) toAgent);
        return new StreamObserver<>() {
            @Override
            public void onNext(FromAgent message) {
                try {
                    link.received(message);
                    pace.next();
                } catch (RuntimeException e) {
                    // The agent keeps what was not answered and sends it again after it has reconnected. Nobody else
                    // says
                    // that this stream is over: gRPC takes a stream that the server closes for a complete one.
                    log.warn("node={} a message could not be taken", node, e);
                    links.closed(link);
                    link.close(Status.UNAVAILABLE.withDescription("dependency_unavailable"));
                }
            }

            @Override
            public void onError(Throwable cut) {
                links.closed(link);
            }

            @Override
            public void onCompleted() {
                links.closed(link);
                link.close(Status.OK);
            }
        };
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<Certificate> answer) {
        try {
            var chain = certificates.renew(
                    PeerCertificates.NODE.get(),
                    PeerCertificates.SERIAL.get(),
                    request.getCertificateRequestDer().toByteArray());
            if (chain.isEmpty()) {
                answer.onError(Status.UNAUTHENTICATED
                        .withDescription("certificate_refused")
                        .asRuntimeException());
                return;
            }
            answer.onNext(Certificate.newBuilder().setChainPem(chain.get()).build());
            answer.onCompleted();
        } catch (IllegalArgumentException malformed) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("certificate_request_invalid")
                    .asRuntimeException());
        } catch (DataAccessException e) {
            answer.onError(
                    Status.UNAVAILABLE.withDescription("dependency_unavailable").asRuntimeException());
        }
    }
}
