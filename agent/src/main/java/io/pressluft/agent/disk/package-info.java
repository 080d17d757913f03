/** Files that survive a crash whole. */
@NullMarked
package io.pressluft.agent.disk;

import org.jspecify.annotations.NullMarked;
