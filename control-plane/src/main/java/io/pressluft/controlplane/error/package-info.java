/** The registry of error codes and the one shape of every error. */
@NullMarked
package io.pressluft.controlplane.error;

import org.jspecify.annotations.NullMarked;
