package io.pressluft.controlplane.alert;

import java.util.List;

/**
 * What was seen of one kind.
 *
 * @param present all in that trouble: who was a member stays one
 * @param joining those of them that are reason enough to tell somebody: who was no member becomes one
 */
record Sighted(List<Member> present, List<Member> joining) {}
