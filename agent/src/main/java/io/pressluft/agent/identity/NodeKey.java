package io.pressluft.agent.identity;

import io.pressluft.agent.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** The node's EC P-256 key. It is made on the node and never leaves it. */
record NodeKey(PrivateKey privateKey, PublicKey publicKey) {

    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";

    /** The key of {@code directory}; made, and on the disk, when there is none. */
    static NodeKey in(Path directory) throws IOException, GeneralSecurityException {
        var privateFile = directory.resolve("key.pem");
        var publicFile = directory.resolve("public.pem");
        if (Files.exists(privateFile) && Files.exists(publicFile)) {
            var factory = KeyFactory.getInstance("EC");
            return new NodeKey(
                    factory.generatePrivate(new PKCS8EncodedKeySpec(Pem.der(PRIVATE, Files.readString(privateFile)))),
                    factory.generatePublic(new X509EncodedKeySpec(Pem.der(PUBLIC, Files.readString(publicFile)))));
        }
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        DurableFile.directory(directory);
        DurableFile.write(publicFile, Pem.of(PUBLIC, pair.getPublic().getEncoded()));
        DurableFile.write(privateFile, Pem.of(PRIVATE, pair.getPrivate().getEncoded()));
        return new NodeKey(pair.getPrivate(), pair.getPublic());
    }

    String privatePem() {
        return Pem.of(PRIVATE, privateKey.getEncoded());
    }

    @Override
    public String toString() {
        return "**redacted**";
    }
}
