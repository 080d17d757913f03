package io.pressluft.cli;

/** What the exit code of every command means. */
final class Exit {
    static final int OK = 0;
    /** A job failed, or the server did. */
    static final int FAILED = 1;

    static final int USAGE = 2;
    /** The server refused the request (4xx). */
    static final int REFUSED = 3;

    static final int UNREACHABLE = 4;

    private Exit() {}
}
