/**
 * Tests of the whole product: a real control plane as a child process, one real local node, and everything asked over HTTP.
 * What happens on the node is looked at from this host, through the machine's namespaces.
 */
package io.pressluft.e2e;
