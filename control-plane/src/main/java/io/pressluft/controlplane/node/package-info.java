/** Nodes: acquired, provisioned, enrolled, ready. Owns tables node and readiness_observation. */
@NullMarked
package io.pressluft.controlplane.node;

import org.jspecify.annotations.NullMarked;
