package io.pressluft.agent.link;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.pressluft.agent.identity.Credentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where the gateway is and how it is recognised: by the certificate authority it was pinned to, never by its address.
 * Every attempt dials a channel of its own, so that no backoff of the transport's stands in the way.
 */
public record Gateway(String host, int port, Path authority) {

    private static final String NAME = "gateway.pressluft.internal";

    ManagedChannel dial() throws IOException {
        return dial(TlsChannelCredentials.newBuilder());
    }

    ManagedChannel dial(Credentials credentials) throws IOException {
        return dial(TlsChannelCredentials.newBuilder()
                .keyManager(stream(credentials.chainPem()), stream(credentials.keyPem())));
    }

    private ManagedChannel dial(TlsChannelCredentials.Builder tls) throws IOException {
        return Grpc.newChannelBuilderForAddress(
                        host, port, tls.trustManager(authority.toFile()).build())
                .overrideAuthority(NAME)
                .disableRetry()
                .build();
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }
}
