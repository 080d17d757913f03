package io.pressluft.controlplane;

import io.pressluft.controlplane.harness.RunningControlPlane;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every task and handler of the Ansible tree. */
final class AnsibleTasks {

    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    /** Keys of a task that name no module. */
    private static final Set<String> KEYWORDS = Set.of(
            "name",
            "when",
            "vars",
            "register",
            "loop",
            "loop_control",
            "notify",
            "changed_when",
            "failed_when",
            "until",
            "retries",
            "delay",
            "no_log",
            "become",
            "become_user",
            "check_mode",
            "diff",
            "environment",
            "tags",
            "args",
            "block",
            "rescue",
            "always",
            "listen",
            "delegate_to",
            "run_once",
            "timeout",
            "async",
            "poll",
            "any_errors_fatal",
            "throttle",
            "with_items",
            "debugger",
            "module_defaults",
            "action",
            "local_action",
            "ignore_unreachable");

    private AnsibleTasks() {}

    record Task(Path file, JsonNode body) {

        String where() {
            var root = RunningControlPlane.repository();
            return root.relativize(file) + ": "
                    + body.path("name").asString(body.propertyNames().toString());
        }

        boolean nameless() {
            return !body.has("name") && !body.has("block");
        }

        /** Modules of this repository have no collection; they are called {@code pressluft_*}. */
        boolean shortNamed() {
            return modules().stream().anyMatch(module -> !module.contains(".") && !module.startsWith("pressluft_"));
        }

        private Set<String> modules() {
            var names = new TreeSet<>(body.propertyNames());
            names.removeAll(KEYWORDS);
            return names;
        }
    }

    static Stream<Task> all() {
        var ansible = RunningControlPlane.repository().resolve("ansible");
        return RepositoryTest.files(ansible)
                .filter(file -> file.toString().matches(".*/(tasks|handlers|playbooks)/.*\\.yml"))
                .flatMap(file -> tasks(file, YAML.readTree(file.toFile())).stream());
    }

    private static List<Task> tasks(Path file, JsonNode list) {
        var found = new ArrayList<Task>();
        for (var entry : list) {
            if (entry.has("hosts")) {
                for (var section : List.of("pre_tasks", "tasks", "post_tasks", "handlers")) {
                    found.addAll(tasks(file, entry.path(section)));
                }
            } else {
                found.add(new Task(file, entry));
                for (var section : List.of("block", "rescue", "always")) {
                    found.addAll(tasks(file, entry.path(section)));
                }
            }
        }
        return found;
    }
}
