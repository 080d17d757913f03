/** The audit log: who did what to what, when, with which outcome. Owns table audit_entry. */
@NullMarked
package io.pressluft.controlplane.audit;

import org.jspecify.annotations.NullMarked;
