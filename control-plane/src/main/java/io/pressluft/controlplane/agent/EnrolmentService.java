package io.pressluft.controlplane.agent;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.pressluft.controlplane.trust.EnrolmentTokens;
import io.pressluft.controlplane.trust.NodeCertificates;
import io.pressluft.protocol.v1.Certificate;
import io.pressluft.protocol.v1.EnrolRequest;
import io.pressluft.protocol.v1.EnrolmentGrpc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Trades a one-time token for a certificate that replaces all that the node has had. */
@Component
class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {

    private static final Logger log = LoggerFactory.getLogger(EnrolmentService.class);

    private final EnrolmentTokens tokens;
    private final NodeCertificates certificates;

    EnrolmentService(EnrolmentTokens tokens, NodeCertificates certificates) {
        this.tokens = tokens;
        this.certificates = certificates;
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<Certificate> answer) {
        try {
            var der = request.getCertificateRequestDer().toByteArray();
            var key = NodeCertificates.keyOf(der);
            if (!tokens.spend(request.getNodeId(), request.getToken(), key)) {
                log.warn("node={} enrolment refused", request.getNodeId().replaceAll("[^a-z0-9_]", "?"));
                answer.onError(Status.PERMISSION_DENIED
                        .withDescription("enrolment_token_refused")
                        .asRuntimeException());
                return;
            }
            var chain = certificates.enrol(request.getNodeId(), der);
            log.info("node={} enrolled", request.getNodeId());
            answer.onNext(Certificate.newBuilder().setChainPem(chain).build());
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
