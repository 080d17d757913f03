package io.pressluft.protocol.proof;

/** The outcome of looking at a front page once. */
public sealed interface Proof {

    /** The page proved the claim. */
    record Proven() implements Proof {}

    /**
     * The page did not prove the claim.
     *
     * @param code stable: {@code proof_unreachable}, {@code proof_status}, {@code proof_missing}, {@code proof_foreign}
     * @param message one sentence that says what was seen
     */
    record Unproven(String code, String message) implements Proof {}
}
