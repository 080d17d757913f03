package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubnetChoiceTest {

    @Test
    void networks_overlap_when_one_holds_the_other() {
        assertThat(Subnet.parse("10.0.0.0/8").overlaps(Subnet.parse("10.99.5.0/24")))
                .isTrue();
        assertThat(Subnet.parse("10.99.5.7").overlaps(Subnet.parse("10.99.5.0/24")))
                .isTrue();
        assertThat(Subnet.parse("10.99.4.0/24").overlaps(Subnet.parse("10.99.5.0/24")))
                .isFalse();
        assertThat(Subnet.parse("0.0.0.0/0").overlaps(Subnet.parse("10.99.5.0/24")))
                .isTrue();
    }

    @Test
    void a_network_forgets_the_host_part_and_counts_addresses() {
        assertThat(Subnet.parse("192.168.200.77/24")).hasToString("192.168.200.0/24");
        assertThat(Subnet.parse("10.99.5.0/24").address(11)).isEqualTo("10.99.5.11");
    }

    @Test
    void the_choice_is_stable_and_avoids_what_is_taken() {
        List<Subnet> taken = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Subnet chosen = SubnetChoice.choose("ffffffff", taken);
            assertThat(SubnetChoice.choose("ffffffff", taken)).isEqualTo(chosen);
            assertThat(taken).noneMatch(chosen::overlaps);
            taken.add(chosen);
        }
    }

    @Test
    void a_host_that_uses_all_of_it_is_told() {
        assertThatThrownBy(() -> SubnetChoice.choose("00000001", List.of(Subnet.parse("10.0.0.0/8"))))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.code()).isEqualTo("subnet_exhausted"));
    }

    @Test
    void a_node_keeps_its_address_and_a_freed_one_is_given_again() {
        NetworkPlan plan =
                new NetworkPlan("10.99.5.0/24", java.util.Map.of()).with("a").with("b");
        assertThat(plan.with("a").address("a")).isEqualTo("10.99.5.11");
        assertThat(plan.address("b")).isEqualTo("10.99.5.12");
        assertThat(plan.without("a").with("c").address("c")).isEqualTo("10.99.5.11");
        assertThat(plan.gateway()).isEqualTo("10.99.5.1");
    }
}
