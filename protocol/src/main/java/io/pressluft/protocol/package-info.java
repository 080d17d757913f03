/** Values that both planes share. */
@NullMarked
package io.pressluft.protocol;

import org.jspecify.annotations.NullMarked;
