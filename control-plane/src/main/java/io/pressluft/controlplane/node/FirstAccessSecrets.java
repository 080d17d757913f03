package io.pressluft.controlplane.node;

import io.pressluft.controlplane.trust.Secret;
import io.pressluft.controlplane.trust.Secrets;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** One-time passwords of existing servers: encrypted from the request to the end of the first attempt, then gone. */
@Component
class FirstAccessSecrets {

    private final Secrets secrets;

    FirstAccessSecrets(Secrets secrets) {
        this.secrets = secrets;
    }

    void keep(String nodeId, Secret password) {
        secrets.put(name(nodeId), password);
    }

    Optional<Secret> find(String nodeId) {
        return secrets.find(name(nodeId));
    }

    void forget(String nodeId) {
        secrets.forget(name(nodeId));
    }

    private static String name(String nodeId) {
        return "first-access/" + nodeId;
    }
}
