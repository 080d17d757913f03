package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.util.Map;
import java.util.TreeMap;

/** The subnet of an instance and who has which address in it. Kept for as long as there is a machine. */
record NetworkPlan(String subnet, Map<String, String> addresses) {

    /** The lowest ones are left to the bridge and to what may come. */
    private static final int FIRST = 11;

    private static final int LAST = 250;

    NetworkPlan {
        addresses = Map.copyOf(addresses);
    }

    Subnet network() {
        return Subnet.parse(subnet);
    }

    /** Where machines find their control plane. */
    String gateway() {
        return network().address(1);
    }

    NetworkPlan with(String nodeId) {
        if (addresses.containsKey(nodeId)) {
            return this;
        }
        for (int n = FIRST; n <= LAST; n++) {
            String address = network().address(n);
            if (!addresses.containsValue(address)) {
                var more = new TreeMap<>(addresses);
                more.put(nodeId, address);
                return new NetworkPlan(subnet, more);
            }
        }
        throw new ProviderException(
                "address_exhausted",
                "All addresses of %s are taken.".formatted(subnet),
                "Delete a local node that is no longer needed.");
    }

    NetworkPlan without(String nodeId) {
        var fewer = new TreeMap<>(addresses);
        fewer.remove(nodeId);
        return new NetworkPlan(subnet, fewer);
    }

    String address(String nodeId) {
        String address = addresses.get(nodeId);
        if (address == null) {
            throw ProviderException.machineMissing(nodeId);
        }
        return address;
    }
}
