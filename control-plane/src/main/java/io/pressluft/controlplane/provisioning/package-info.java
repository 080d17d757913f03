/** Running the Ansible tree over SSH while a node is being built; the only other user of SSH is the probe. */
@NullMarked
package io.pressluft.controlplane.provisioning;

import org.jspecify.annotations.NullMarked;
