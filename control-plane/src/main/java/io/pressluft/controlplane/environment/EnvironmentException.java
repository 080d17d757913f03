package io.pressluft.controlplane.environment;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An environment that cannot be found or used. */
public final class EnvironmentException extends CodedException {

    private EnvironmentException(ErrorCode code, String message, @Nullable String remediation) {
        super(code, message, List.of(), remediation, null);
    }

    static EnvironmentException notFound(String id) {
        return new EnvironmentException(
                ErrorCode.ENVIRONMENT_NOT_FOUND, "There is no environment %s.".formatted(id), null);
    }

    static EnvironmentException notActive(Environment environment) {
        return new EnvironmentException(
                ErrorCode.SITE_NOT_ACTIVE,
                "Environment %s is %s."
                        .formatted(environment.id(), environment.state().text()),
                null);
    }

    static EnvironmentException loginFailed(String jobId) {
        return new EnvironmentException(
                ErrorCode.LOGIN_LINK_FAILED,
                "The login link could not be made.",
                "Open job %s to see why; then ask for a new link.".formatted(jobId));
    }
}
