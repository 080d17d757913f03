/** Environments: production, staging or clone of a site, each on one node. Owns tables environment and release. */
@NullMarked
package io.pressluft.controlplane.environment;

import org.jspecify.annotations.NullMarked;
