/**
 * Host keys and sign-ins of machines that were not made here. Only first access, provisioning and the probe may use SSH.
 */
@NullMarked
package io.pressluft.controlplane.ssh;

import org.jspecify.annotations.NullMarked;
