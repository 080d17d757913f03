package io.pressluft.agent.identity;

import io.pressluft.agent.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Key and certificates on disk. A renewed certificate stands beside the one in use until the gateway has accepted it
 * once, so that neither a lost answer nor a refused certificate locks the node out.
 */
public final class Identity {

    private final String nodeId;
    private final InstantSource clock;
    private final NodeKey key;
    private final Path proven;
    private final Path renewed;

    /** A renewed certificate was refused; the next attempt takes the proven one, the one after it the renewed again. */
    private boolean doubted;

    public Identity(String nodeId, Path directory, InstantSource clock) throws IOException, GeneralSecurityException {
        this.nodeId = nodeId;
        this.clock = clock;
        this.key = NodeKey.in(directory);
        this.proven = directory.resolve("certificate.pem");
        this.renewed = directory.resolve("certificate-new.pem");
    }

    /** A request for a certificate of this node over its key. */
    public byte[] request() throws GeneralSecurityException {
        return CertificateRequest.of(nodeId, key);
    }

    /** What to present at the next attempt; empty before the enrolment. */
    public synchronized Optional<Credentials> credentials() throws IOException, GeneralSecurityException {
        var old = load(proven, false);
        var fresh = load(renewed, true);
        if (fresh.isPresent() && doubted && old.isPresent() && !old.get().expired(clock.instant())) {
            return old;
        }
        return fresh.or(() -> old);
    }

    /** The first certificate, or the one of a new enrolment. */
    public synchronized void enrolled(String chainPem) throws IOException, GeneralSecurityException {
        DurableFile.write(proven, check(chainPem));
        Files.deleteIfExists(renewed);
        doubted = false;
    }

    public synchronized void renewed(String chainPem) throws IOException, GeneralSecurityException {
        DurableFile.write(renewed, check(chainPem));
        doubted = false;
    }

    /** The gateway welcomed the node with these credentials. */
    public synchronized void accepted(Credentials credentials) throws IOException {
        if (credentials.fresh() && Files.exists(renewed)) {
            DurableFile.move(renewed, proven);
        }
        doubted = false;
    }

    /** An attempt with these credentials ended before a welcome. */
    public synchronized void refused(Credentials credentials) {
        doubted = credentials.fresh();
    }

    private Optional<Credentials> load(Path file, boolean fresh) throws IOException, GeneralSecurityException {
        return Files.exists(file)
                ? Optional.of(Credentials.of(Files.readString(file), key.privatePem(), fresh))
                : Optional.empty();
    }

    private String check(String chainPem) throws GeneralSecurityException {
        Credentials.of(chainPem, "", true);
        return chainPem;
    }
}
