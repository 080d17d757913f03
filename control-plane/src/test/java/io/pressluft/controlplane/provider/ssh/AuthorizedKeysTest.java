package io.pressluft.controlplane.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script as the machine's shell runs it, in a home of its own. */
class AuthorizedKeysTest {

    private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA+managed/ pressluft";
    private static final String OTHER = "command=\"x\" ssh-rsa AAAAB3Nza+other/== owner of it";

    @TempDir
    Path home;

    private final AuthorizedKeys keys = new AuthorizedKeys(KEY);

    private void run(String wanted) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("/bin/sh", "-s");
        builder.environment().put("HOME", home.toString());
        var process = builder.redirectErrorStream(true).start();
        try (var in = process.outputWriter()) {
            in.write(keys.script(wanted));
        }
        assertThat(process.waitFor()).isZero();
    }

    private Path file() {
        return home.resolve(".ssh/authorized_keys");
    }

    @Test
    void the_first_key_makes_the_file_closed_to_others() throws Exception {
        run(KEY);
        assertThat(Files.readString(file())).isEqualTo(KEY + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void twice_leaves_one_line_and_foreign_lines_stay() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "# mine\n" + OTHER);
        run(KEY);
        run(KEY);
        assertThat(Files.readAllLines(file())).isEqualTo(List.of("# mine", OTHER, KEY));
    }

    @Test
    void a_narrowed_line_is_replaced() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "restrict,command=\"probe\" " + KEY + "\n");
        run(KEY);
        assertThat(Files.readString(file())).isEqualTo(KEY + "\n");
    }

    @Test
    void taking_it_away_leaves_foreign_lines() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), OTHER + "\n");
        run(KEY);
        run("");
        assertThat(Files.readString(file())).isEqualTo(OTHER + "\n");
    }

    @Test
    void taking_away_what_was_the_only_one_leaves_no_trace() throws Exception {
        run(KEY);
        run("");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void taking_it_away_where_nothing_is_changes_nothing() throws Exception {
        run("");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void a_link_stays_a_link() throws Exception {
        var real = Files.writeString(home.resolve("elsewhere"), OTHER + "\n");
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), real);
        run(KEY);
        assertThat(Files.isSymbolicLink(file())).isTrue();
        assertThat(Files.readAllLines(real)).containsExactly(OTHER, KEY);
    }
}
