package io.pressluft.controlplane.provider;

/** Where a provider tells what it is doing while it does it. Never receives a secret. */
public interface Progress {

    /** A new step begins, and with it the one before has ended. */
    void step(String name, String detail);

    /** One line of raw output of a tool. */
    void log(String line);

    /** The host key that was seen before anything was sent to the machine; kept for every later attempt. */
    default void hostKey(String key) {}

    /** The machine was found to let the managed key run the readiness probe and nothing else. */
    default void narrowed() {}

    /** For callers that do not watch. */
    Progress SILENT = new Progress() {
        @Override
        public void step(String name, String detail) {}

        @Override
        public void log(String line) {}
    };
}
