/**
 * Local nodes: real systemd machines on this host, run by systemd-nspawn from a root built with mmdebstrap.
 *
 * <p>Three places hold what it makes. The data directory: {@code machines/<node id>/} and {@code network.json}. The
 * host: one bridge, one nftables table and one control group per control plane instance, all named after it. And
 * {@code /run/pressluft}, where each instance says what on this host is its own. The kernel is asked which machines run;
 * no file is trusted for that.
 */
@NullMarked
@NamedInterface("nspawn")
package io.pressluft.controlplane.provider.nspawn;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
