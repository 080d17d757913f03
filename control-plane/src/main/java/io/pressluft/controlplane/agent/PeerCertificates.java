package io.pressluft.controlplane.agent;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.pressluft.controlplane.node.Nodes;
import io.pressluft.controlplane.trust.NodeCertificates;
import io.pressluft.controlplane.trust.NodeIdentity;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Lets a call in only with a certificate of ours that is not revoked, and tells the call which node it speaks for. */
@Component
class PeerCertificates implements ServerInterceptor {

    static final Context.Key<String> NODE = Context.key("pressluft-node");
    static final Context.Key<String> SERIAL = Context.key("pressluft-certificate");

    private final NodeCertificates certificates;
    private final Nodes nodes;

    PeerCertificates(NodeCertificates certificates, Nodes nodes) {
        this.certificates = certificates;
        this.nodes = nodes;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        try {
            var certificate = certificateOf(call).filter(certificates::accepted);
            var node = certificate.flatMap(NodeIdentity::of).filter(nodes::mayConnect);
            if (node.isPresent()) {
                var caller = Context.current()
                        .withValue(NODE, node.get())
                        .withValue(SERIAL, NodeCertificates.serial(certificate.get()));
                return Contexts.interceptCall(caller, call, headers, next);
            }
            call.close(Status.UNAUTHENTICATED.withDescription("certificate_refused"), new Metadata());
        } catch (DataAccessException e) {
            call.close(Status.UNAVAILABLE.withDescription("dependency_unavailable"), new Metadata());
        }
        return new ServerCall.Listener<>() {};
    }

    private static Optional<X509Certificate> certificateOf(ServerCall<?, ?> call) {
        var session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return Optional.empty();
        }
        try {
            return Optional.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }
}
