/** What the tests of the control plane share: one running application over real servers, rows, and a settable clock. */
@NullMarked
package io.pressluft.controlplane.harness;

import org.jspecify.annotations.NullMarked;
