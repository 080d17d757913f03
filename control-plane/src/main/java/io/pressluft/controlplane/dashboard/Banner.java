package io.pressluft.controlplane.dashboard;

/**
 * Something that is said on every page.
 *
 * @param path the page that shows what it is about
 */
public record Banner(String text, String path) {}
