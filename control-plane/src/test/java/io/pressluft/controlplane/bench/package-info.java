/** The Java part of {@code bench/queue}: not run by any test. */
package io.pressluft.controlplane.bench;
