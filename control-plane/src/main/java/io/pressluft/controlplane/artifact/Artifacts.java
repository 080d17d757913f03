package io.pressluft.controlplane.artifact;

import java.nio.file.Path;

/**
 * What a node needs to make WordPress sites, as checked files on the control plane's disk.
 *
 * @param wordPressArchive tar.gz with one top folder {@code wordpress/}
 * @param wordPressSha256 of the archive, hex
 * @param wpCliPhar the WP-CLI program
 */
public record Artifacts(
        String wordPressVersion, Path wordPressArchive, String wordPressSha256, Path wpCliPhar, String wpCliSha256) {}
