package io.pressluft.controlplane.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.harness.RunningControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The registry knows every code, and the reference shows the registry. */
class ErrorCodeTest {

    private static final Pattern IN_ANSIBLE = Pattern.compile("pressluft_code(?:: *|=)\"?([a-z0-9_]+)\"?");

    private static final Pattern IN_JAVA =
            Pattern.compile("\\b(?:Failure|failure|Refused|Unproven|ProviderException)\\(\\s*\"([a-z0-9_]+)\"");

    @Test
    void every_code_of_a_playbook_is_registered() {
        assertThat(codes("ansible", IN_ANSIBLE)).isSubsetOf(registered());
    }

    @Test
    void every_code_of_the_agent_is_registered() {
        assertThat(codes("agent/src/main/java", IN_JAVA)).isSubsetOf(registered());
    }

    @Test
    void every_code_of_the_front_page_proof_is_registered() {
        assertThat(codes("protocol/src/main/java", IN_JAVA)).isSubsetOf(registered());
    }

    @Test
    void every_code_of_a_provider_is_registered() {
        assertThat(codes("control-plane/src/main/java/io/pressluft/controlplane/provider", IN_JAVA))
                .isSubsetOf(registered());
    }

    @Test
    void the_codes_of_the_agent_are_found_at_all() {
        assertThat(codes("agent/src/main/java", IN_JAVA)).contains("fenced_off", "run_lost");
    }

    @Test
    void every_remediation_is_a_sentence() {
        assertThat(ErrorCode.values())
                .allSatisfy(code ->
                        assertThat(code.remediation()).matches("[A-Z].*\\.").hasSizeGreaterThan(10));
    }

    @Test
    void the_reference_is_made_from_the_registry() throws IOException {
        assertThat(ErrorCodeReference.file())
                .as("run ErrorCodeReference to write it again")
                .hasContent(ErrorCodeReference.text());
    }

    private static Set<String> registered() {
        return Arrays.stream(ErrorCode.values()).map(ErrorCode::code).collect(Collectors.toSet());
    }

    private static Set<String> codes(String folder, Pattern pattern) {
        var root = RunningControlPlane.repository().resolve(folder);
        var found = new TreeSet<String>();
        try (var files = Files.walk(root)) {
            for (var file : files.filter(one -> one.toString().matches(".*\\.(yml|py|java)"))
                    .toList()) {
                pattern.matcher(Files.readString(file)).results().forEach(hit -> found.add(hit.group(1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
