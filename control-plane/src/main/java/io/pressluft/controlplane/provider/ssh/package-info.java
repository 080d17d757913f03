/**
 * Remote nodes on servers that exist already: reached by host, port and user, looked at before anything is changed, and
 * given back as they were found. Nothing is made here, so nothing is destroyed.
 */
@NullMarked
@NamedInterface("ssh")
package io.pressluft.controlplane.provider.ssh;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
