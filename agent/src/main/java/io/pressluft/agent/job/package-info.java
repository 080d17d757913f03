/** Jobs: fencing, journal, and the course from an offer to its settled end. Uses {@code run}; knows nothing of the network. */
@NullMarked
package io.pressluft.agent.job;

import org.jspecify.annotations.NullMarked;
