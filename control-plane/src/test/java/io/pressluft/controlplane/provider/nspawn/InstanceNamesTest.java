package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InstanceNamesTest {

    private final InstanceNames names = new InstanceNames("0a1b2c3d");

    @Test
    void the_bridge_fits_what_the_kernel_allows() {
        assertThat(names.bridge()).hasSizeLessThanOrEqualTo(15);
    }

    @Test
    void a_machine_name_is_a_host_name() {
        assertThat(names.machine("node_abcdefghij12")).matches("[a-z0-9-]{1,64}");
    }

    @Test
    void an_id_that_could_lead_elsewhere_is_refused() {
        assertThatThrownBy(() -> new InstanceNames("../../etc")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void name_servers_on_loopback_and_of_ipv6_are_left_out() {
        assertThat(Resolvers.parse("""
                # made by something
                nameserver 127.0.0.53
                nameserver 192.0.2.53
                nameserver fe80::1%eth0
                options edns0
                """)).containsExactly("192.0.2.53");
    }
}
