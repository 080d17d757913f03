/** What the node says about itself with every heartbeat. */
@NullMarked
package io.pressluft.agent.facts;

import org.jspecify.annotations.NullMarked;
