/** One run of a playbook: its files, its unit, its events, its lease. */
@NullMarked
package io.pressluft.agent.run;

import org.jspecify.annotations.NullMarked;
