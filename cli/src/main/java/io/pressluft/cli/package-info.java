/**
 * The command line: a thin client of the API, and the keeper of the control plane that runs on this machine
 * ({@code up}, {@code dev}, {@code down}). It decides nothing that the server decides.
 */
@NullMarked
package io.pressluft.cli;

import org.jspecify.annotations.NullMarked;
