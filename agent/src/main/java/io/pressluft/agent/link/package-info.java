/** The one stream to the gateway and its loops: pull, heartbeat, report, renew. Uses {@code job}, {@code identity}, {@code facts}. */
@NullMarked
package io.pressluft.agent.link;

import org.jspecify.annotations.NullMarked;
