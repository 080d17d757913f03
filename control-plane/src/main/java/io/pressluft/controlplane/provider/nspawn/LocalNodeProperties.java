package io.pressluft.controlplane.provider.nspawn;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code pressluft.local-nodes.*}.
 *
 * @param instanceId made from the data directory when it is not set, so that the same directory is the same instance
 * @param cacheDirectory {@code cache} in the data directory when it is not set
 */
@ConfigurationProperties("pressluft.local-nodes")
record LocalNodeProperties(
        @Nullable String instanceId,
        @DefaultValue(".pressluft") Path dataDirectory,
        @Nullable Path cacheDirectory,
        @DefaultValue List<String> resolvers,
        @DefaultValue("false") boolean ephemeral) {

    NspawnSettings settings() {
        Path data = dataDirectory.toAbsolutePath().normalize();
        return new NspawnSettings(
                instanceId == null || instanceId.isBlank() ? idOf(data) : instanceId,
                data,
                cacheDirectory == null ? data.resolve("cache") : cacheDirectory,
                resolvers,
                ephemeral);
    }

    private static String idOf(Path data) {
        CRC32 checksum = new CRC32();
        checksum.update(data.toString().getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(checksum.getValue());
    }
}
