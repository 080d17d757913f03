package io.pressluft.controlplane.alert;

/**
 * A message that this replica has to itself for a while.
 *
 * @param attempt which one this is, from 1 on
 */
record Delivery(String id, Channel channel, int attempt, Notice notice) {}
