/** Trust: the master key, secrets at rest, the certificate authority, the managed SSH key. Owns tables secret and agent_certificate. */
@NullMarked
package io.pressluft.controlplane.trust;

import org.jspecify.annotations.NullMarked;
