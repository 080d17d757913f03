package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs in a machine may lay traps for whoever writes into its root. */
class RootFilesTest {

    @TempDir
    Path directory;

    @Test
    void a_link_in_the_place_of_a_file_is_replaced_and_not_followed() throws IOException {
        Path outside = Files.writeString(directory.resolve("shadow"), "secret");
        Path root = Files.createDirectories(directory.resolve("root/etc")).getParent();
        Files.createSymbolicLink(root.resolve("etc/resolv.conf"), outside);

        new RootFiles(root).write("etc/resolv.conf", "nameserver 192.0.2.53\n", "rw-r--r--");

        assertThat(outside).hasContent("secret");
        assertThat(root.resolve("etc/resolv.conf")).isRegularFile().isNotEmptyFile();
    }

    @Test
    void a_link_in_the_place_of_a_directory_stops_the_write() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createSymbolicLink(root.resolve("etc"), outside);

        assertThatThrownBy(() -> new RootFiles(root).write("etc/hostname", "x", "rw-r--r--"))
                .isInstanceOf(IOException.class);
        assertThat(outside).isEmptyDirectory();
        assertThat(RootFiles.hasLink(root, "etc/hostname")).isTrue();
    }
}
