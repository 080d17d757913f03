package io.pressluft.controlplane.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** Addresses of the dashboard's own files. They contain a hash of the content, so that browsers may keep the files. */
@Component
public final class Assets {

    private static final int HASH_LENGTH = 12;

    private final Map<String, String> addresses = new ConcurrentHashMap<>();

    Assets() {}

    /** The address of {@code name}, a file of {@code static/assets}. */
    public String address(String name) {
        return addresses.computeIfAbsent(name, file -> "/assets/" + file + "?v=" + hash(file));
    }

    private static String hash(String file) {
        try (var in = new ClassPathResource("static/assets/" + file).getInputStream()) {
            var digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
