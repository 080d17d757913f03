package io.pressluft.controlplane.error;

import io.pressluft.controlplane.harness.RunningControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes {@code docs/error-codes.md} from the registry. {@code main} writes the file; a test compares it. */
final class ErrorCodeReference {

    /** Codes with this status are never an HTTP answer by themselves: they say why a job failed. */
    private static final int OF_A_JOB = 500;

    private ErrorCodeReference() {}

    public static void main(String[] arguments) throws IOException {
        Files.writeString(file(), text());
    }

    static Path file() {
        return RunningControlPlane.repository().resolve("docs/error-codes.md");
    }

    static String text() {
        var text = new StringBuilder("""
                # Error codes

                Every code that an answer of the API, a failed job or a message that was not delivered can carry, with what to do next. Codes are stable: programs may rely on them,
                the sentences around them may change. This page is made from the registry (`ErrorCode`); a test fails when the two differ.

                ## Answers of the API

                The body is always `{code, message, details, remediation}`.

                | code | status | what to do |
                |---|---|---|
                """);
        for (var code : ErrorCode.values()) {
            if (!ofAMessage(code) && (code.httpStatus() != OF_A_JOB || code == ErrorCode.INTERNAL_ERROR)) {
                text.append("| `%s` | %d | %s |%n".formatted(code.code(), code.httpStatus(), code.remediation()));
            }
        }
        text.append("""

                ## Failures of jobs

                In `failure.code` of a job, with the failing step.

                | code | what to do |
                |---|---|
                """);
        for (var code : ErrorCode.values()) {
            if (code.httpStatus() == OF_A_JOB && code != ErrorCode.INTERNAL_ERROR) {
                text.append("| `%s` | %s |%n".formatted(code.code(), code.remediation()));
            }
        }
        text.append("""

                ## Failures of messages about incidents

                In `code` of a delivery of `/api/alerts`, and of a channel of `/api/alerts/test`.

                | code | what to do |
                |---|---|
                """);
        for (var code : ErrorCode.values()) {
            if (ofAMessage(code)) {
                text.append("| `%s` | %s |%n".formatted(code.code(), code.remediation()));
            }
        }
        return text.toString();
    }

    private static boolean ofAMessage(ErrorCode code) {
        return code.name().startsWith("ALERT_");
    }
}
