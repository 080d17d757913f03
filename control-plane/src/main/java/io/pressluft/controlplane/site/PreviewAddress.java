package io.pressluft.controlplane.site;

import io.pressluft.controlplane.node.Node;
import io.pressluft.controlplane.settings.Instance;
import io.pressluft.controlplane.settings.SettingKey;
import io.pressluft.controlplane.settings.Settings;
import java.net.URI;
import org.springframework.stereotype.Component;

/** The name under which a new environment is reachable before it has a domain of its own. */
@Component
class PreviewAddress {

    private final Instance instance;
    private final Settings settings;

    PreviewAddress(Instance instance, Settings settings) {
        this.instance = instance;
        this.settings = settings;
    }

    /** Host name and home URL, without a trailing slash. */
    record Address(String hostname, URI url, int previewPort) {}

    /**
     * On a local node {@code <slug>.localhost:<port>}, which browsers resolve by themselves; elsewhere a name below the
     * operator's preview domain, or one of sslip.io that contains the node's address.
     */
    Address of(String slug, String siteId, Node node) {
        if (node.source().equals("local")) {
            var hostname = slug + ".localhost";
            return new Address(
                    hostname,
                    URI.create("http://%s:%d".formatted(hostname, instance.previewPort())),
                    instance.previewPort());
        }
        var hostname = settings.find(SettingKey.PREVIEW_DOMAIN)
                .map(domain -> slug + "." + domain)
                .orElseGet(() -> siteId.substring("site_".length()) + "." + dashed(node) + ".sslip.io");
        return new Address(hostname, URI.create("http://" + hostname), 0);
    }

    private static String dashed(Node node) {
        var address = node.publicAddress() == null ? node.requireAddress() : node.publicAddress();
        return address.replace('.', '-').replace(':', '-');
    }
}
