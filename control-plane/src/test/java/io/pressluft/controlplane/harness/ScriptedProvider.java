package io.pressluft.controlplane.harness;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.NodeProvider;
import io.pressluft.controlplane.provider.NodeSource;
import io.pressluft.controlplane.provider.Progress;
import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.provider.Target;

/** A provider whose machines cannot be made, only removed: tests of the control plane need no machine. */
record ScriptedProvider(String name, NodeSource source) implements NodeProvider {

    @Override
    public void requireAvailable() {}

    @Override
    public Target acquire(AcquisitionSpec spec, Progress progress) {
        throw ProviderException.capabilityMissing("This provider makes no machines.", "Do not ask for one.");
    }

    @Override
    public void release(AcquisitionSpec spec, Progress progress) {}

    @Override
    public Target resume(AcquisitionSpec spec, Progress progress) {
        throw ProviderException.machineMissing(spec.nodeId());
    }

    @Override
    public void suspend(AcquisitionSpec spec) {}
}
