package io.pressluft.controlplane.environment;

import java.util.Map;

/** What a node reports about an environment it has made. */
public record Runtime(String proofKey, String wordpressVersion, String phpVersion) {

    /** From a job's outputs; absent ones are empty. */
    public static Runtime of(Map<String, String> outputs) {
        return new Runtime(
                outputs.getOrDefault("proof_public_key", ""),
                outputs.getOrDefault("wordpress_version", ""),
                outputs.getOrDefault("php_version", ""));
    }
}
