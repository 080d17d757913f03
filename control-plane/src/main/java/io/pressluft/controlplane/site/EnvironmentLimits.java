package io.pressluft.controlplane.site;

import io.pressluft.controlplane.node.Node;

/**
 * What one environment may use of its node.
 *
 * @param memoryMb hard bound of all its processes together
 * @param cpuPercent of one core
 * @param tasks processes and threads
 */
record EnvironmentLimits(int memoryMb, int cpuPercent, int tasks, int phpChildren) {

    private static final int PER_CORE = 100;

    /** A WordPress page needs 50 to 100 MiB; five children and WP-CLI fit into 512 MiB. One site may use half of the cores: the rest is there when neighbours need it. */
    static EnvironmentLimits of(Node node) {
        return new EnvironmentLimits(512, (int) Math.max(PER_CORE, node.cpus() * PER_CORE / 2), 128, 5);
    }
}
