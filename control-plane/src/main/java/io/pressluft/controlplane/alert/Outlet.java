package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.error.ErrorCode;

/** Says a message on one channel. */
interface Outlet {

    Channel channel();

    /** Whether the operator has set all that it needs. */
    boolean configured();

    /**
     * One attempt, which waits for each answer only so long.
     *
     * @param delivery names the message; the same in every attempt
     */
    Outcome send(String delivery, Notice notice) throws InterruptedException;

    /** How an attempt ended. */
    sealed interface Outcome {

        /** The receiver has taken the message. */
        record Delivered() implements Outcome {}

        /**
         * Some of the recipients have it, and the others will not get it: another attempt would bring it to the first ones
         * again.
         *
         * @param seen one sentence of our own words and the operator's addresses
         */
        record DeliveredToSome(String seen) implements Outcome {}

        /**
         * Nobody has said that they took it.
         *
         * @param seen one sentence of our own words, without anything secret
         */
        record Failed(ErrorCode code, String seen) implements Outcome {}
    }

    static Outcome unset(Channel channel) {
        return new Outcome.Failed(
                ErrorCode.ALERT_CHANNEL_UNSET,
                switch (channel) {
                    case WEBHOOK -> "The webhook has no address.";
                    case EMAIL -> "The mail server, the sender or the recipients are not set.";
                });
    }
}
