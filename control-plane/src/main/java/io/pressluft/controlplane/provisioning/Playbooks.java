package io.pressluft.controlplane.provisioning;

import io.pressluft.controlplane.job.WorkLog;
import io.pressluft.controlplane.settings.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Runs a playbook of this product against one machine over SSH and records its tasks as steps of the job. */
@Component
public class Playbooks {

    /** How often the events of a run are looked at; Ansible's tasks take longer. */
    private static final long LOOK_MS = 100;

    private final Instance instance;
    private final JsonMapper json;
    private final Clock clock;

    Playbooks(Instance instance, JsonMapper json, Clock clock) {
        this.instance = instance;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Returns when the playbook has reached its end.
     *
     * @param playbook file name below {@code ansible/playbooks}, without its ending
     * @param variables typed values; strings reach Ansible as data
     * @throws PlaybookException naming the failing task
     */
    public void run(String playbook, SshHost host, Map<String, Object> variables, WorkLog log)
            throws InterruptedException {
        var tree = instance.home().resolve("ansible");
        try (var files = RunFiles.create(instance.dataDirectory().resolve("runs"), host, variables, json)) {
            var reader = new EventReader(files.events(), json, log, playbook, clock);
            int exit = finish(start(tree, playbook, files), reader);
            reader.readNew();
            if (exit != 0) {
                throw reader.failure(exit);
            }
        } catch (IOException e) {
            throw PlaybookException.notStarted(playbook, e);
        }
    }

    private static Process start(Path tree, String playbook, RunFiles files) throws IOException {
        var builder = new ProcessBuilder(List.of(
                        "ansible-playbook",
                        "-i",
                        files.inventory().toString(),
                        "-e",
                        "@" + files.variables(),
                        tree.resolve("playbooks/" + playbook + ".yml").toString()))
                .directory(tree.toFile())
                .redirectErrorStream(true)
                .redirectOutput(files.directory().resolve("output.txt").toFile());
        var environment = builder.environment();
        environment.put("PRESSLUFT_EVENTS", files.events().toString());
        environment.put("ANSIBLE_CONFIG", tree.resolve("ansible.cfg").toString());
        environment.put("ANSIBLE_LOCAL_TEMP", files.directory().resolve("tmp").toString());
        environment.put("ANSIBLE_SSH_CONTROL_PATH_DIR", files.sockets().toString());
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("LC_ALL", "C.UTF-8");
        return builder.start();
    }

    private static int finish(Process process, EventReader reader) throws InterruptedException, IOException {
        try {
            while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
                reader.readNew();
            }
            return process.exitValue();
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
                process.waitFor(5, TimeUnit.SECONDS);
            }
        }
    }
}
