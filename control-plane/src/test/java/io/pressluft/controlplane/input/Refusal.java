package io.pressluft.controlplane.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.error.ErrorCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What every refusal is like. */
final class Refusal {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** What only the inside of the program would say. */
    private static final Pattern INSIDE = Pattern.compile("Exception|Throwable|\\bat [a-z]+\\.[a-z]+\\.|stack ?trace"
            + "|\\b(java|jdk|jakarta|javax)\\.[a-z]|org\\.[a-z]+\\.|io\\.pressluft|tools\\.jackson|PSQL|SQLSTATE"
            + "|INSERT INTO|relation \"|Apache|Tomcat|Whitelabel|Spring(?! expression)");

    private static final Map<String, Integer> STATUSES =
            Arrays.stream(ErrorCode.values()).collect(Collectors.toMap(ErrorCode::code, ErrorCode::httpStatus));

    private Refusal() {}

    static void check(Case hostile, Reply reply) {
        check(hostile.name(), hostile.field(), reply);
    }

    /** @param field that the details have to name; empty where no field is to blame */
    static void check(String hostile, String field, Reply reply) {
        var said = hostile + " got " + reply;
        answered(reply, said);
        var error = reply.json();
        assertThat(reply.header("content-type")).as(said).startsWith("application/json");
        assertThat(error.propertyNames())
                .as(said)
                .containsExactlyInAnyOrder("code", "message", "details", "remediation");
        assertThat(STATUSES).as(said).containsEntry(error.path("code").asString(""), reply.status());
        assertThat(error.path("message").asString("")).as(said).isNotBlank().hasSizeLessThan(1_000);
        assertThat(error.path("remediation").asString("")).as(said).isNotBlank();
        if (!field.isEmpty()) {
            assertThat(error.path("details")
                            .valueStream()
                            .map(detail -> detail.path("field").asString("")))
                    .as(said)
                    .contains(field);
        }
    }

    /** With a status that blames the request, soon, and without a look inside. */
    private static void answered(Reply reply, String said) {
        assertThat(reply.status()).as(said).isBetween(400, 499);
        discreet(reply);
    }

    static void discreet(Reply reply) {
        assertThat(reply.took()).isLessThan(LONGEST);
        assertThat(INSIDE.matcher(reply.headers() + reply.body()).find())
                .as("%s %s", reply.headers(), reply)
                .isFalse();
    }
}
