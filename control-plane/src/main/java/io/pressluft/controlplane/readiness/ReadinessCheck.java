package io.pressluft.controlplane.readiness;

/**
 * One check of a node.
 *
 * @param code a code of {@link ReadinessCode}
 * @param status {@code ok}, {@code failed}, or {@code unknown} when an earlier failure hides it
 * @param seen what was seen
 * @param remediation what the operator should do when it failed; empty otherwise
 */
public record ReadinessCheck(String code, String status, String seen, String remediation) {

    static ReadinessCheck of(ReadinessCode code, boolean ok, String seen) {
        return ok
                ? new ReadinessCheck(code.text(), "ok", seen, "")
                : new ReadinessCheck(code.text(), "failed", seen, code.remediation());
    }

    public static ReadinessCheck failed(ReadinessCode code, String seen) {
        return of(code, false, seen);
    }

    static ReadinessCheck unknown(ReadinessCode code) {
        return new ReadinessCheck(code.text(), "unknown", "The probe gave no answer.", "");
    }

    public boolean passed() {
        return status.equals("ok");
    }
}
