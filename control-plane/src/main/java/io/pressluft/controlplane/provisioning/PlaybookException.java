package io.pressluft.controlplane.provisioning;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A playbook did not reach its end. */
public final class PlaybookException extends CodedException {

    private PlaybookException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, List.of(), null, cause);
    }

    static PlaybookException failed(String playbook, String code, String step, String message) {
        return new PlaybookException(
                ErrorCode.ofFailure(code),
                "The playbook %s failed at \"%s\": %s".formatted(playbook, step, message),
                null);
    }

    static PlaybookException ended(String playbook, int exit) {
        return new PlaybookException(
                ErrorCode.PLAYBOOK_FAILED, "The playbook %s ended with %d.".formatted(playbook, exit), null);
    }

    static PlaybookException notStarted(String playbook, Throwable cause) {
        return new PlaybookException(
                ErrorCode.PLAYBOOK_FAILED,
                "The playbook %s could not be started: %s.".formatted(playbook, cause.getMessage()),
                cause);
    }
}
