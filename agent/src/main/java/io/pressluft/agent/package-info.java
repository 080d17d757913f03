/** The agent of a node: configuration, start and stop, and the wiring of its parts. */
@NullMarked
package io.pressluft.agent;

import org.jspecify.annotations.NullMarked;
