package io.pressluft.controlplane.settings;

import java.nio.file.Path;

/**
 * This instance: where it keeps its data and which ports it chose once and keeps.
 *
 * @param id eight hex digits; names everything the instance makes on its host
 * @param home the unpacked product: agent archive, Ansible tree
 * @param ephemeral whether a later sweep may remove what a dead instance left although its data are still there
 */
public record Instance(
        String id, Path dataDirectory, Path home, int httpPort, int gatewayPort, int previewPort, boolean ephemeral) {

    /** What is downloaded or built once and shared by instances: images, packages, artifacts. */
    public Path cacheDirectory() {
        var chosen = System.getenv("PRESSLUFT_CACHE");
        return chosen == null || chosen.isBlank()
                ? dataDirectory.resolve("cache")
                : Path.of(chosen).toAbsolutePath();
    }

    public String url() {
        return "http://localhost:" + httpPort;
    }
}
