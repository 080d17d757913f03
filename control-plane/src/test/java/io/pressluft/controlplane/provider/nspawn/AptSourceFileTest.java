package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AptSourceFileTest {

    @Test
    void lines_with_options_comments_and_several_components_are_read() {
        assertThat(AptSourceFile.lines("""
                # deb http://commented.test/debian bookworm main
                deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://mirror.test/debian bookworm main contrib # why
                deb-src http://mirror.test/debian bookworm main
                deb http://security.test/debian-security bookworm-security main
                """))
                .containsExactly(
                        source(
                                "http://mirror.test/debian",
                                "bookworm",
                                List.of("main", "contrib"),
                                "/usr/share/keyrings/a.gpg"),
                        source("http://security.test/debian-security", "bookworm-security", List.of("main"), ""));
    }

    @Test
    void paragraphs_are_read_without_comments_and_disabled_ones() {
        assertThat(AptSourceFile.paragraphs("""
                Types: deb
                # a snapshot would go here
                URIs: http://mirror.test/debian
                Suites: bookworm bookworm-updates
                Components: main
                Signed-By: /usr/share/keyrings/a.gpg

                Enabled: no
                Types: deb
                URIs: http://off.test/debian
                Suites: bookworm
                Components: main

                Types: deb-src
                URIs: http://mirror.test/debian
                Suites: bookworm
                Components: main
                """))
                .containsExactly(new AptSource(
                        List.of("http://mirror.test/debian"),
                        List.of("bookworm", "bookworm-updates"),
                        List.of("main"),
                        "/usr/share/keyrings/a.gpg",
                        false));
    }

    @Test
    void an_inline_key_survives_being_written_again() {
        String text = """
                Types: deb
                URIs: http://mirror.test/debian
                Suites: bookworm
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 mQINBF
                 -----END PGP PUBLIC KEY BLOCK-----
                """;
        List<AptSource> sources = AptSourceFile.paragraphs(text);
        assertThat(sources.getFirst().keyIsFile()).isFalse();
        assertThat(AptSource.file(sources)).isEqualTo(text);
    }

    private static AptSource source(String uri, String suite, List<String> components, String signedBy) {
        return new AptSource(List.of(uri), List.of(suite), components, signedBy, false);
    }
}
