/**
 * Hostile input against the running application. The contract is the oracle: what it does not allow has to be refused in
 * the one shape, with nothing changed; what it allows has to arrive as data.
 */
@NullMarked
package io.pressluft.controlplane.input;

import org.jspecify.annotations.NullMarked;
