/** Settings: what this instance is and what its operator chose. Owns table setting. */
@NullMarked
package io.pressluft.controlplane.settings;

import org.jspecify.annotations.NullMarked;
