/** Waiting and clocks. Nothing in the agent sleeps or reads the time but through here. */
@NullMarked
package io.pressluft.agent.time;

import org.jspecify.annotations.NullMarked;
