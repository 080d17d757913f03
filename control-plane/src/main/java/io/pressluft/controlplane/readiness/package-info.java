/** Readiness: explicit checks from one probe program that runs on the node over SSH, for its whole life. */
@NullMarked
package io.pressluft.controlplane.readiness;

import org.jspecify.annotations.NullMarked;
