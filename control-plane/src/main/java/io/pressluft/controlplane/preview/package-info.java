/** The local development gateway: brings *.localhost names to the local nodes that serve them. Never used in production. */
@NullMarked
package io.pressluft.controlplane.preview;

import org.jspecify.annotations.NullMarked;
