package io.pressluft.controlplane.alert;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pace of alerts.
 *
 * @param interval how often is looked for incidents, and for messages that are due
 * @param settle how long an incident gathers members before it is told, so that many are told as one
 * @param calm how long an incident has had no member when it counts as over; what comes and goes faster is one incident
 * @param again how long after a message about an incident those are told that have joined since
 * @param retry pause after the first failed attempt to deliver a message; it doubles with each
 * @param longestRetry where it stops growing
 * @param attempts after how many a message is given up
 * @param timeout how long a receiver may take to connect, and to answer
 * @param lease how long a replica has a message to itself
 * @param held how long a session may hold a snapshot of the database open
 * @param kept how long an incident that has cleared is remembered
 */
@ConfigurationProperties("pressluft.alert")
record AlertSettings(
        @DefaultValue("3s") Duration interval,
        @DefaultValue("5s") Duration settle,
        @DefaultValue("3m") Duration calm,
        @DefaultValue("10m") Duration again,
        @DefaultValue("5s") Duration retry,
        @DefaultValue("10m") Duration longestRetry,
        @DefaultValue("12") int attempts,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("2m") Duration lease,
        @DefaultValue("10m") Duration held,
        @DefaultValue("90d") Duration kept) {

    /** A mail to ten recipients over TLS, with a sign-in, takes as many. */
    private static final int ANSWERS = 24;

    AlertSettings {
        if (!interval.isPositive() || !retry.isPositive()) {
            throw new IllegalArgumentException("pressluft.alert.interval and retry must be longer than nothing");
        }
        if (calm.isNegative() || !kept.isPositive()) {
            throw new IllegalArgumentException("pressluft.alert.calm and kept must not be negative");
        }
        if (again.compareTo(settle) < 0) {
            throw new IllegalArgumentException("pressluft.alert.again must not be shorter than settle");
        }
        if (longestRetry.compareTo(retry) < 0) {
            throw new IllegalArgumentException("pressluft.alert.longest-retry must not be shorter than retry");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("pressluft.alert.attempts must be at least 1");
        }
        if (!timeout.isPositive() || lease.compareTo(timeout.multipliedBy(ANSWERS)) < 0) {
            throw new IllegalArgumentException("pressluft.alert.lease must be at least 24 timeouts");
        }
    }

    /** The pause after this many failed attempts. */
    Duration pauseAfter(int failed) {
        var pause = retry;
        for (int i = 1; i < failed && pause.compareTo(longestRetry) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longestRetry) < 0 ? pause : longestRetry;
    }
}
