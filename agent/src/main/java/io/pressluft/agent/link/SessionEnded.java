package io.pressluft.agent.link;

/** The stream is over; whatever was being said will be said again on the next one. */
final class SessionEnded extends Exception {

    private static final long serialVersionUID = 1;

    SessionEnded(String why) {
        super(why);
    }
}
