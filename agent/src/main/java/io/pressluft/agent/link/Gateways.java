package io.pressluft.agent.link;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The gateways of all replicas. An agent stays with one for as long as that answers and tries the others in turn; each
 * begins at another one, so that a replica that goes does not send all of its agents to the same neighbour.
 */
public final class Gateways {

    private final List<Gateway> all;
    private int current;

    public Gateways(List<Gateway> all, RandomGenerator random) {
        this.all = List.copyOf(all);
        this.current = random.nextInt(all.size());
    }

    synchronized Gateway current() {
        return all.get(current);
    }

    /** This one is away or does not want this node: the next attempt goes to the next. */
    synchronized void passOver() {
        current = (current + 1) % all.size();
    }
}
