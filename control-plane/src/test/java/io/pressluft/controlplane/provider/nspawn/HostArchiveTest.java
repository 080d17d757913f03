package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostArchiveTest {

    private static final HostDistribution NOBLE = new HostDistribution("ubuntu", "24.04", "noble");

    @TempDir
    Path directory;

    private Path apt;
    private Path lists;

    @BeforeEach
    void directories() throws IOException {
        apt = Files.createDirectories(directory.resolve("apt"));
        lists = Files.createDirectories(directory.resolve("lists"));
        Files.createDirectories(apt.resolve("sources.list.d"));
    }

    @Test
    void only_the_release_its_updates_and_its_security_are_taken() throws IOException {
        Files.writeString(apt.resolve("sources.list.d/ubuntu.sources"), """
                Types: deb
                URIs: http://mirror.test/ubuntu/
                Suites: noble noble-updates noble-backports noble-proposed
                Components: main universe
                Signed-By: /usr/share/keyrings/u.gpg
                """);
        Files.writeString(apt.resolve("sources.list.d/tool.list"), "deb http://tool.test/apt stable main\n");

        assertThat(archive().sources(NOBLE))
                .containsExactly(new AptSource(
                        List.of("http://mirror.test/ubuntu/"),
                        List.of("noble", "noble-updates"),
                        List.of("main", "universe"),
                        "/usr/share/keyrings/u.gpg",
                        false));
    }

    @Test
    void a_foreign_repository_with_the_same_suite_is_told_by_its_release_file() throws IOException {
        Files.writeString(apt.resolve("sources.list"), """
                deb http://mirror.test/ubuntu noble main
                deb http://foreign.test/ubuntu noble main
                """);
        Files.writeString(lists.resolve("mirror.test_ubuntu_dists_noble_InRelease"), "Origin: Ubuntu\n");
        Files.writeString(lists.resolve("foreign.test_ubuntu_dists_noble_InRelease"), "Origin: Somebody\n");

        assertThat(archive().sources(NOBLE))
                .singleElement()
                .satisfies(source -> assertThat(source.uris()).containsExactly("http://mirror.test/ubuntu"));
    }

    @Test
    void a_host_without_the_archive_is_told_what_to_do() {
        assertThatThrownBy(() -> archive().sources(NOBLE)).isInstanceOfSatisfying(ProviderException.class, e -> {
            assertThat(e.code()).isEqualTo("capability_missing");
            assertThat(e.remediation()).contains("/etc/apt/sources.list.d");
        });
    }

    private HostArchive archive() {
        return new HostArchive(apt, lists);
    }
}
