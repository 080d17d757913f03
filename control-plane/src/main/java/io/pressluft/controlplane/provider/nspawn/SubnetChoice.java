package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.util.Collection;

/** Picks a /24 for an instance's machines that nothing on this host uses. */
final class SubnetChoice {

    /** The busy ends of 10/8, where routers, clouds and tunnels like to live, are left alone. */
    private static final int FIRST = 80;

    private static final int COUNT = 120;

    private SubnetChoice() {}

    /** The same instance gets the same subnet as long as that is free. */
    static Subnet choose(String instanceId, Collection<Subnet> taken) {
        int start = Integer.remainderUnsigned(Integer.parseUnsignedInt(instanceId, 16), COUNT * 256);
        for (int i = 0; i < COUNT * 256; i++) {
            int candidate = (start + i) % (COUNT * 256);
            Subnet subnet = Subnet.parse("10.%d.%d.0/24".formatted(FIRST + candidate / 256, candidate % 256));
            if (taken.stream().noneMatch(subnet::overlaps)) {
                return subnet;
            }
        }
        throw new ProviderException(
                "subnet_exhausted",
                "Every network between 10.%d.0.0 and 10.%d.255.0 is in use on this host."
                        .formatted(FIRST, FIRST + COUNT - 1),
                "Remove a route that covers all of 10.0.0.0/8, then try again.");
    }
}
