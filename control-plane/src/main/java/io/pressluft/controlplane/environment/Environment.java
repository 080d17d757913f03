package io.pressluft.controlplane.environment;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One running copy of a site.
 *
 * @param id at the same time Linux user, directory, database and Redis user on its node
 * @param identity the value in its database that its front page has to prove, 32 hex digits
 * @param proofKey public half of the key its front page signs with; absent before the first proof
 * @param release name of the current release; absent before the first proof
 */
public record Environment(
        String id,
        String siteId,
        String nodeId,
        String nodeName,
        String kind,
        EnvironmentState state,
        String hostname,
        URI url,
        String codeMode,
        String identity,
        @Nullable String proofKey,
        @Nullable String release,
        @Nullable String wordpressVersion,
        @Nullable String phpVersion,
        String adminUser,
        @Nullable Instant provenAt,
        Instant createdAt) {}
