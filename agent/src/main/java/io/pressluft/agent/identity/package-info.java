/** The node's key and certificates: made here, enrolled with the one-time token, kept on disk. */
@NullMarked
package io.pressluft.agent.identity;

import org.jspecify.annotations.NullMarked;
