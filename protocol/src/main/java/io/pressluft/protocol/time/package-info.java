/** What texts go through before anybody reads them. */
@NullMarked
package io.pressluft.protocol.time;

import org.jspecify.annotations.NullMarked;
