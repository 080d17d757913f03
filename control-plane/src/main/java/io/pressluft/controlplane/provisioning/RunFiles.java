package io.pressluft.controlplane.provisioning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The private directory of one run: variables (they hold secrets), inventory, known host, events. Gone afterwards.
 *
 * @param sockets for SSH's own; apart, because a socket's path has at most 107 characters and a data directory any number
 */
record RunFiles(Path directory, Path sockets) implements AutoCloseable {

    static RunFiles create(Path parent, SshHost host, Map<String, Object> variables, JsonMapper json)
            throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(parent, owner);
        var files = new RunFiles(
                Files.createTempDirectory(parent, "run-", owner), Files.createTempDirectory("pressluft-", owner));
        json.writeValue(files.variables().toFile(), unsafe(variables));
        Files.writeString(files.knownHosts(), host.knownHost());
        json.writeValue(files.inventory().toFile(), files.inventoryOf(host));
        Files.createFile(files.events());
        return files;
    }

    Path variables() {
        return directory.resolve("variables.json");
    }

    Path inventory() {
        return directory.resolve("inventory.json");
    }

    Path events() {
        return directory.resolve("events.jsonl");
    }

    private Path knownHosts() {
        return directory.resolve("known_hosts");
    }

    private Map<String, Object> inventoryOf(SshHost host) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("ansible_host", host.address());
        facts.put("ansible_port", host.port());
        facts.put("ansible_user", host.user());
        facts.put("ansible_ssh_private_key_file", host.key().toString());
        facts.put("ansible_python_interpreter", "/usr/bin/python3");
        facts.put(
                "ansible_ssh_common_args",
                "-o StrictHostKeyChecking=yes -o UserKnownHostsFile=%s -o IdentitiesOnly=yes -o ConnectTimeout=10"
                        .formatted(knownHosts()));
        if (!host.user().equals("root")) {
            facts.put("ansible_become", true);
        }
        return Map.of("all", Map.of("hosts", Map.of("node", facts)));
    }

    /** Every string is data to Ansible, never a template. */
    private static Object unsafe(Object value) {
        return switch (value) {
            case String text -> Map.of("__ansible_unsafe", text);
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, Object>();
                map.forEach((key, one) -> copy.put(String.valueOf(key), unsafe(one)));
                yield copy;
            }
            case List<?> list -> list.stream().map(RunFiles::unsafe).toList();
            case Object other -> other;
        };
    }

    @Override
    public void close() {
        delete(directory);
        delete(sockets);
    }

    private static void delete(Path tree) {
        try (var everything = Files.walk(tree)) {
            for (var path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
