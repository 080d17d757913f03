/** Tests of what PostgreSQL itself guarantees. */
@NullMarked
package io.pressluft.controlplane.state;

import org.jspecify.annotations.NullMarked;
