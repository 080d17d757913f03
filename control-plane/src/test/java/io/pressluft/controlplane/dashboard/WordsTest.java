package io.pressluft.controlplane.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void a_job_type_reads_as_verb_and_noun() {
        assertThat(Words.jobType("site_create")).isEqualTo("Create site");
        assertThat(Words.jobType("node_decommission")).isEqualTo("Decommission node");
        assertThat(Words.jobType("probe")).isEqualTo("Probe");
    }

    @Test
    void what_is_done_at_once_reads_like_a_job() {
        assertThat(Words.action("enrolment_token_create")).isEqualTo("Create enrolment token");
        assertThat(Words.action("site_create")).isEqualTo("Create site");
        assertThat(Words.action("sign_in")).isEqualTo("Sign in");
    }

    @Test
    void a_sentence_is_cut_around_the_ids_in_it() {
        assertThat(Words.pieces("Site site_k3v9x0q2m7ab is busy with job job_aaaaaaaaaaa1 (site_create)."))
                .containsExactly(
                        "Site ", "site_k3v9x0q2m7ab", " is busy with job ", "job_aaaaaaaaaaa1", " (site_create).");
        assertThat(Words.pieces("Nothing to link.")).containsExactly("Nothing to link.");
    }

    @Test
    void only_things_with_a_page_have_a_path() {
        assertThat(Words.path("node_aaaaaaaaaaa1")).isEqualTo("/nodes/node_aaaaaaaaaaa1");
        assertThat(Words.path("site_../../x")).isEmpty();
        assertThat(Words.path("token_aaaaaaaaaaa1")).isEmpty();
        assertThat(Words.path(null)).isEmpty();
    }

    @Test
    void a_duration_is_exact_while_short_and_rough_when_long() {
        assertThat(Words.duration(340L)).isEqualTo("0.3 s");
        assertThat(Words.duration(12_900L)).isEqualTo("12 s");
        assertThat(Words.duration(65_000L)).isEqualTo("1 min 05 s");
        assertThat(Words.duration(null)).isEmpty();
    }
}
