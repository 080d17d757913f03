/** What texts go through before anybody reads them. */
@NullMarked
package io.pressluft.protocol.text;

import org.jspecify.annotations.NullMarked;
