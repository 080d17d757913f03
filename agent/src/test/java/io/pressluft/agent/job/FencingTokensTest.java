package io.pressluft.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencingTokensTest {

    private static final String SITE = "site_aaaaaaaaaaaa";

    @TempDir
    Path directory;

    private FencingTokens tokens;

    @BeforeEach
    void open() throws IOException {
        tokens = new FencingTokens(directory);
    }

    @Test
    void the_file_holds_the_bare_number() throws IOException {
        tokens.claim(SITE, 7, "job_a");

        assertThat(tokens.file(SITE)).hasContent("7");
    }

    @Test
    void a_crash_between_holder_and_token_leaves_the_token_free() throws IOException {
        tokens.claim(SITE, 7, "job_a");
        Files.writeString(directory.resolve(SITE + ".holder"), "8 job_b\n");

        assertThat(tokens.claim(SITE, 8, "job_c")).isTrue();
        assertThat(tokens.claim(SITE, 8, "job_b")).isFalse();
    }

    @Test
    void a_half_written_file_of_a_crash_is_not_looked_at() throws IOException {
        tokens.claim(SITE, 7, "job_a");
        Files.writeString(directory.resolve("." + SITE + ".new"), "9");

        assertThat(new FencingTokens(directory).highest(SITE)).isEqualTo(7);
        assertThat(tokens.claim(SITE, 8, "job_b")).isTrue();
    }

    @Test
    void the_same_job_may_claim_again() throws IOException {
        tokens.claim(SITE, 7, "job_a");

        assertThat(new FencingTokens(directory).claim(SITE, 7, "job_a")).isTrue();
        assertThat(new FencingTokens(directory).claim(SITE, 7, "job_b")).isFalse();
    }

    @Test
    void a_token_heard_from_the_control_plane_is_free_for_the_job_it_was_made_for() throws IOException {
        tokens.claim(SITE, 7, "job_a");
        tokens.raise(SITE, 9);

        assertThat(tokens.claim(SITE, 8, "job_b")).isFalse();
        assertThat(tokens.claim(SITE, 9, "job_c")).isTrue();
        assertThat(tokens.claim(SITE, 9, "job_d")).isFalse();
    }

    @Test
    void no_token_goes_back() throws IOException {
        tokens.claim(SITE, 7, "job_a");
        tokens.raise(SITE, 3);

        assertThat(tokens.highest(SITE)).isEqualTo(7);
    }
}
