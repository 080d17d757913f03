package io.pressluft.protocol.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    private static final int LONG = 1 << 16;
    private static final int MOST_READS = 200;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "define( 'DB_PASSWORD', 'Hunter2Hunter2' );",
                "define('AUTH_KEY', 'Hunter2Hunter2');",
                "define( 'SECURE_AUTH_SALT',  'Hunter2Hunter2' );",
                "password=Hunter2Hunter2",
                "db_password: Hunter2Hunter2",
                "{\"smtp-password\": \"Hunter2Hunter2\"}",
                "'api_key' => 'Hunter2Hunter2',",
                "ALTER USER env_a IDENTIFIED BY 'Hunter2Hunter2'",
                "ALTER USER env_a IDENTIFIED VIA mysql_native_password USING 'Hunter2Hunter2'",
                "ACL SETUSER env_a on >Hunter2Hunter2 ~env_a:*",
                "requests to https://backup:Hunter2Hunter2@storage.example/repository failed",
                "Authorization: Bearer Hunter2Hunter2",
                "PRESSLUFT_ENROLMENT_TOKEN=Hunter2Hunter2 is not valid",
                "-----BEGIN OPENSSH PRIVATE KEY-----\nHunter2Hunter2\n-----END OPENSSH PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nHunter2Hunter2\nand then the tool was cut off",
            })
    void a_secret_is_masked_and_the_length_stays(String said) {
        var masked = Redaction.of(said);
        assertThat(masked).doesNotContain("Hunter2").hasSameSizeAs(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Access denied for user 'env_a'@'localhost' (using password: YES)",
                "nginx: configuration file /etc/nginx/nginx.conf test is successful",
                "No space left on device: /var/www/env_a/releases/20261121T101500Z",
                "https://www.example.com:8443/path?key=1",
                "The token file says 5 and the job has 4.",
            })
    void what_an_operator_has_to_read_stays(String said) {
        assertThat(Redaction.of(said).replace("***", "YES")).isEqualTo(said);
    }

    @Test
    void bytes_of_any_encoding_keep_their_places() {
        var said = "größer 🌱 password=geheim ☂ weiter".getBytes(StandardCharsets.UTF_8);
        var masked = Redaction.of(said);
        assertThat(masked).hasSameSizeAs(said);
        assertThat(new String(masked, StandardCharsets.UTF_8)).isEqualTo("größer 🌱 password=****** ☂ weiter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-",
                "a-_password ",
                "password",
                "_key ",
                "token=",
                "define('",
                "define('a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a",
                "://a",
                "://a:",
                "setuser ",
                "identified a ",
                "authorization: a ",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----",
                "-----END A",
                "\n",
            })
    void of_a_text_made_to_be_slow_no_character_is_looked_at_often(String piece) {
        var text = new Counted(piece.repeat(LONG / piece.length()));
        Redaction.of(text);
        assertThat(text.reads / text.length()).isLessThan(MOST_READS);
    }

    /** Counts how often its characters are asked for, which no load of the machine changes. */
    private static final class Counted implements CharSequence {
        private final String text;
        private long reads;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            reads++;
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }
    }
}
