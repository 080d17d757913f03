/**
 * What counts as proof that an environment serves its own WordPress: the real front page, completely rendered for a
 * fresh nonce, signed at its very end over a value read from the environment's database.
 */
@NullMarked
package io.pressluft.protocol.proof;

import org.jspecify.annotations.NullMarked;
