package io.pressluft.agent.run;

/** Why something did not work: a stable code, one sentence, and the step it happened in (or an empty name). */
public record Failure(String code, String message, String step) {

    public static final Failure NONE = new Failure("", "", "");

    public boolean happened() {
        return !code.isEmpty();
    }
}
