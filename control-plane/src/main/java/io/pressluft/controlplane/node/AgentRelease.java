package io.pressluft.controlplane.node;

import io.pressluft.controlplane.settings.Instance;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** The agent release this control plane installs on nodes. */
@Component
public final class AgentRelease {

    /** Agent and control plane are released together. */
    private static final String VERSION = "0.1.0";

    private final Path archive;

    AgentRelease(Instance instance) {
        this.archive = instance.home().resolve("agent/target/pressluft-agent-" + VERSION + ".tar.gz");
    }

    public String version() {
        return VERSION;
    }

    /** @throws NodeException when it has not been built */
    Path archive() {
        if (!Files.isRegularFile(archive)) {
            throw NodeException.agentArchiveMissing(archive);
        }
        return archive;
    }
}
