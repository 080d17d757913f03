/** The control plane: one Spring Boot application, a package per feature. */
@NullMarked
package io.pressluft.controlplane;

import org.jspecify.annotations.NullMarked;
