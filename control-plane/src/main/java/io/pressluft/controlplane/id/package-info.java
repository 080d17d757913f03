/** Identifiers: random, prefixed by what they name. */
@NullMarked
package io.pressluft.controlplane.id;

import org.jspecify.annotations.NullMarked;
