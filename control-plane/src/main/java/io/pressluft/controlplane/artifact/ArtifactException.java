package io.pressluft.controlplane.artifact;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An artifact cannot be had, or is not what it should be. */
public final class ArtifactException extends CodedException {

    private ArtifactException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, List.of(), null, cause);
    }

    static ArtifactException unavailable(String message, @Nullable Throwable cause) {
        return new ArtifactException(ErrorCode.ARTIFACT_UNAVAILABLE, message, cause);
    }

    static ArtifactException corrupt(Path file, String message) {
        return new ArtifactException(ErrorCode.ARTIFACT_CORRUPT, file + " " + message, null);
    }
}
