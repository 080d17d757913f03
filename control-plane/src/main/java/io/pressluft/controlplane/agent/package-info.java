/** The agent gateway: enrolment, the mutual-TLS stream of every node, dispatch and proof. Owns table enrolment_token. */
@NullMarked
package io.pressluft.controlplane.agent;

import org.jspecify.annotations.NullMarked;
