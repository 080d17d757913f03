/** The edge of the HTTP listener: errors in one shape, limits, instance files for the CLI. */
@NullMarked
package io.pressluft.controlplane.web;

import org.jspecify.annotations.NullMarked;
