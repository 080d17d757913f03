package io.pressluft.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pressluft.controlplane.harness.RunningControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no file that works on a node may contain. */
class RepositoryTest {

    private static final Path REPOSITORY = RunningControlPlane.repository();

    private static final Pattern DOCKER =
            Pattern.compile("\\b(docker|podman|containerd|lxc|buildah|kubernetes|k8s)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern WORDPRESS_SQL = Pattern.compile(
            "\\b(SELECT|INSERT|UPDATE|DELETE|REPLACE|ALTER|TRUNCATE)\\b[^\\n]*\\b\\w*"
                    + "(wp_\\w+|_(posts|options|users|postmeta|usermeta|comments|terms))\\b"
                    + "|\\bwp db (query|cli)\\b|\\bdb query\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern IGNORED = Pattern.compile("ignore_errors|failed_when: *(false|no|False)\\b");

    private static final Pattern SSH = Pattern.compile(
            "\\b(ssh|scp|rsync|sftp)\\b +[^#]*@|org\\.apache\\.sshd|com\\.jcraft", Pattern.CASE_INSENSITIVE);

    @Test
    void nodes_know_no_containers() {
        assertThat(lines(DOCKER, "ansible", "agent/src/main")).isEmpty();
    }

    @Test
    void wordpress_tables_are_not_touched_with_sql() {
        assertThat(lines(WORDPRESS_SQL, "ansible", "agent/src/main")).isEmpty();
    }

    @Test
    void a_failing_task_is_not_ignored() {
        assertThat(lines(IGNORED, "ansible/playbooks", "ansible/roles")).isEmpty();
    }

    @Test
    void the_agent_opens_no_ssh() {
        assertThat(lines(SSH, "agent/src/main")).isEmpty();
    }

    @Test
    void tasks_name_their_modules_in_full() {
        assertThat(AnsibleTasks.all().filter(AnsibleTasks.Task::shortNamed).map(AnsibleTasks.Task::where))
                .isEmpty();
    }

    @Test
    void every_task_has_a_name() {
        assertThat(AnsibleTasks.all().filter(AnsibleTasks.Task::nameless).map(AnsibleTasks.Task::where))
                .isEmpty();
    }

    @Test
    void ansible_lint_has_nothing_to_say() throws Exception {
        var lint = Path.of("/usr/bin/ansible-lint");
        if (!Files.isExecutable(lint)) {
            System.out.println("ansible-lint is not installed: the Ansible tree is not linted.");
            assumeTrue(false, "ansible-lint is not installed");
        }
        var process = new ProcessBuilder(lint.toString(), "--nocolor", "-q")
                .directory(REPOSITORY.resolve("ansible").toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static List<String> lines(Pattern forbidden, String... folders) {
        return Stream.of(folders)
                .map(REPOSITORY::resolve)
                .flatMap(RepositoryTest::files)
                .flatMap(file -> matching(file, forbidden))
                .toList();
    }

    private static Stream<String> matching(Path file, Pattern forbidden) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> forbidden.matcher(line).find())
                    .map(line -> REPOSITORY.relativize(file) + ": " + line.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> files(Path folder) {
        try (var all = Files.walk(folder)) {
            return all
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.toString().matches(".*(\\.pyc|\\.gz|\\.png|\\.gpg)"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
