/** Embedded servers: real PostgreSQL and Redis as children of the application, for up and dev. */
@NullMarked
package io.pressluft.controlplane.embedded;

import org.jspecify.annotations.NullMarked;
