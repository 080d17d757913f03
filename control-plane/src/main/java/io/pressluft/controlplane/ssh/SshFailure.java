package io.pressluft.controlplane.ssh;

/** Why a machine could not be used over SSH. */
public final class SshFailure extends Exception {

    /** What to tell apart, because each has another remedy. */
    public enum Why {
        UNREACHABLE,
        HOST_KEY,
        REFUSED
    }

    private static final long serialVersionUID = 1L;

    private final Why why;

    SshFailure(Why why, String message) {
        super(message);
        this.why = why;
    }

    public Why why() {
        return why;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
