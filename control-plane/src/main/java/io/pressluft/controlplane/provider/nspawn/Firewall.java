package io.pressluft.controlplane.provider.nspawn;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets machines out through the host, in an nftables table of our own. An accept there does not overrule a drop
 * elsewhere, so chains of others that drop by default (Docker's, UFW's) get one marked rule each, taken out again later.
 */
final class Firewall {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String table;
    private final String bridge;
    private final HostCommands commands;

    Firewall(InstanceNames names, HostCommands commands) {
        this.table = names.table();
        this.bridge = names.bridge();
        this.commands = commands;
    }

    /** Idempotent: what was there before is replaced in one transaction. */
    void open(Subnet subnet) {
        feed("""
                table ip %1$s
                delete table ip %1$s
                table ip %1$s {
                  chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip saddr %2$s oifname != "%3$s" masquerade
                  }
                  chain forward {
                    type filter hook forward priority filter; policy accept;
                    iifname "%3$s" accept
                    oifname "%3$s" accept
                  }
                }
                """.formatted(table, subnet, bridge));
        closeForeign();
        for (JsonNode entry : list("chains")) {
            JsonNode chain = entry.path("chain");
            boolean drops = chain.path("policy").asString("").equals("drop");
            if (drops && chain.path("hook").asString("").equals("forward")) {
                insert(chain, "iifname", bridge, "");
                insert(chain, "oifname", bridge, "");
            } else if (drops && chain.path("hook").asString("").equals("input")) {
                insert(chain, "iifname", bridge, subnet.address(1));
            }
        }
    }

    void close() {
        closeForeign();
        commands.run("nft", "delete", "table", "ip", table);
    }

    private void insert(JsonNode chain, String direction, String device, String onlyTo) {
        String family = chain.path("family").asString();
        if (!family.equals("ip") && !family.equals("inet")) {
            return;
        }
        String to = onlyTo.isEmpty() ? "" : "ip daddr " + onlyTo + " ";
        feed("insert rule %s %s %s %s \"%s\" %saccept comment \"%s\"\n"
                .formatted(
                        family,
                        chain.path("table").asString(),
                        chain.path("name").asString(),
                        direction,
                        device,
                        to,
                        table));
    }

    private void closeForeign() {
        for (JsonNode entry : list("ruleset")) {
            JsonNode rule = entry.path("rule");
            if (rule.path("comment").asString("").equals(table)) {
                commands.run(
                        "nft",
                        "delete",
                        "rule",
                        rule.path("family").asString(),
                        rule.path("table").asString(),
                        rule.path("chain").asString(),
                        "handle",
                        Long.toString(rule.path("handle").asLong()));
            }
        }
    }

    private JsonNode list(String what) {
        return JSON.readTree(commands.check("nft", "-j", "-a", "list", what)).path("nftables");
    }

    private void feed(String rules) {
        commands.check(Duration.ofSeconds(30), line -> {}, List.of("nft", rules));
    }
}
