/** Artifacts: WordPress and WP-CLI, pinned, checked and cached. */
@NullMarked
package io.pressluft.controlplane.artifact;

import org.jspecify.annotations.NullMarked;
