package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real nftables, in a network namespace of its own. */
class FirewallTest {

    private final String namespace = "plft-test-" + ProcessHandle.current().pid();
    private final HostCommands host = new HostCommands();
    private final HostCommands inside = new HostCommands(List.of("ip", "netns", "exec", namespace));
    private final Firewall firewall = new Firewall(new InstanceNames("0a1b2c3d"), inside);

    @BeforeEach
    void namespace() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assumeTrue(host.run("ip", "netns", "add", namespace).ok(), "this host makes no network namespaces");
        inside.check("nft", """
                table inet strict {
                  chain forward { type filter hook forward priority filter; policy drop; }
                  chain input { type filter hook input priority filter; policy drop; }
                }
                table inet lenient {
                  chain forward { type filter hook forward priority filter; policy accept; }
                }
                """);
    }

    @AfterEach
    void gone() {
        host.run("ip", "netns", "delete", namespace);
    }

    @Test
    void opening_twice_and_closing_leaves_the_rules_of_others_as_they_were() {
        String before = inside.check("nft", "list", "ruleset");

        firewall.open(Subnet.parse("10.99.5.0/24"));
        String once = inside.check("nft", "list", "ruleset");
        firewall.open(Subnet.parse("10.99.5.0/24"));
        String twice = inside.check("nft", "list", "ruleset");
        firewall.close();

        assertThat(once).contains("table ip pressluft_0a1b2c3d", "masquerade");
        assertThat(twice).hasSameSizeAs(once);
        assertThat(inside.check("nft", "list", "table", "inet", "strict")).doesNotContain("plft0a1b2c3d");
        assertThat(inside.check("nft", "list", "ruleset")).isEqualTo(before);
    }

    @Test
    void chains_of_others_that_drop_let_machines_through_and_to_the_control_plane_only() {
        firewall.open(Subnet.parse("10.99.5.0/24"));

        assertThat(inside.check("nft", "list", "table", "inet", "strict"))
                .contains("iifname \"plft0a1b2c3d\" accept comment \"pressluft_0a1b2c3d\"")
                .contains("oifname \"plft0a1b2c3d\" accept")
                .contains("iifname \"plft0a1b2c3d\" ip daddr 10.99.5.1 accept");
        assertThat(inside.check("nft", "list", "table", "inet", "lenient")).doesNotContain("plft0a1b2c3d");
    }
}
