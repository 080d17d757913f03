/**
 * Node providers: where the machines come from that sites run on. A provider turns an explicit request into a machine
 * that answers SSH with a known host key, and back into nothing. It owns what it makes and nothing else.
 */
@NullMarked
package io.pressluft.controlplane.provider;

import org.jspecify.annotations.NullMarked;
