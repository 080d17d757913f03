package io.pressluft.agent.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The playbooks of this release. A control plane can name one of them; it cannot send one. */
public final class Playbooks {

    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final String SUFFIX = ".yml";

    private final Path ansible;

    /** @param ansible the directory that runs have as their working directory */
    public Playbooks(Path ansible) {
        this.ansible = ansible;
    }

    Path directory() {
        return ansible;
    }

    /** The playbook of a job type, relative to the working directory; empty when this release has none. */
    public Optional<String> find(String type, RunPhase phase) {
        if (!TYPE.matcher(type).matches()) {
            return Optional.empty();
        }
        var path = "playbooks/" + type.replace('_', '-') + phase.suffix() + SUFFIX;
        return Files.isRegularFile(ansible.resolve(path)) ? Optional.of(path) : Optional.empty();
    }

    /** Names of all playbooks, without their suffix. */
    public List<String> names() throws IOException {
        var directory = ansible.resolve("playbooks");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }
}
