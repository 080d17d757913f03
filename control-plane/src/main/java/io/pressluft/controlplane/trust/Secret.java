package io.pressluft.controlplane.trust;

/** A value that does not print itself. */
public record Secret(String reveal) {

    @Override
    public String toString() {
        return "**redacted**";
    }
}
