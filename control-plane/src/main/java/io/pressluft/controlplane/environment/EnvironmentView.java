package io.pressluft.controlplane.environment;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An environment as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvironmentView(
        String id,
        String siteId,
        String kind,
        String state,
        String nodeId,
        String nodeName,
        String url,
        String hostname,
        @Nullable String release,
        @Nullable String wordpressVersion,
        @Nullable String phpVersion,
        String codeMode,
        @Nullable Instant provenAt,
        Instant createdAt) {

    public static EnvironmentView of(Environment environment) {
        return new EnvironmentView(
                environment.id(),
                environment.siteId(),
                environment.kind(),
                environment.state().text(),
                environment.nodeId(),
                environment.nodeName(),
                environment.url().toString(),
                environment.hostname(),
                environment.release(),
                environment.wordpressVersion(),
                environment.phpVersion(),
                environment.codeMode(),
                environment.provenAt(),
                environment.createdAt());
    }
}
