package io.pressluft.e2e;

import java.net.http.HttpHeaders;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server answered, and how long that took. */
record Answer(int status, String body, HttpHeaders headers, Duration took) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    JsonNode json() {
        return JSON.readTree(body);
    }

    /** @throws AssertionError when the status is another one */
    Answer require(int expected) {
        if (status != expected) {
            throw new AssertionError("answered %d instead of %d: %s".formatted(status, expected, body));
        }
        return this;
    }
}
