package io.pressluft.controlplane.provider;

/**
 * One way to get a node. Every operation is idempotent and may be repeated after a crash at any point: it finds what
 * an earlier attempt made and continues from there. Operations on one node exclude each other; operations on
 * different nodes may run at the same time. All of them throw {@link ProviderException} and nothing else.
 */
public interface NodeProvider {

    /** The stable name by which a request selects this provider, such as {@code nspawn}. */
    String name();

    NodeSource source();

    /**
     * Returns when this provider can work here and now.
     *
     * @throws ProviderException {@code capability_missing}, naming everything that is missing and how to get it
     */
    void requireAvailable();

    /** Makes the machine, or finds the one made before, and returns once it answers SSH with the returned host key. */
    Target acquire(AcquisitionSpec spec, Progress progress);

    /** Removes the machine and everything made for it; harmless for a machine that is half made or already gone. */
    void release(AcquisitionSpec spec, Progress progress);

    /**
     * Brings a machine that was acquired before back up, after a restart of the host or of the control plane, with the
     * same address and host key. Does nothing but answer when it runs already.
     *
     * @throws ProviderException {@code machine_missing} when there is nothing to resume
     */
    Target resume(AcquisitionSpec spec, Progress progress);

    /** Stops the machine cleanly and keeps its disk, address and identity. Does nothing for remote providers. */
    void suspend(AcquisitionSpec spec);
}
