package io.pressluft.controlplane.account;

/** A person who may sign in. */
public record Account(String id, String name, String email) {}
