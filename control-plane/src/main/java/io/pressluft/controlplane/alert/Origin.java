package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.settings.Instance;
import io.pressluft.controlplane.settings.SettingKey;
import io.pressluft.controlplane.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Where messages come from, in words that people recognise: an instance's id says nothing to them. */
@Component
class Origin {

    private final Instance instance;
    private final Settings settings;
    private final String host;

    Origin(Instance instance, Settings settings) {
        this.instance = instance;
        this.settings = settings;
        this.host = hostName();
    }

    /** The name of this machine, or of the instance when the machine has none. */
    String host() {
        return host.isEmpty() ? instance.id() : host;
    }

    String instance() {
        return instance.id();
    }

    /** The page of the dashboard as people reach it; empty when nobody has said how they do. */
    Optional<String> page(String path) {
        return settings.find(SettingKey.DASHBOARD_ADDRESS).map(address -> address.replaceFirst("/+$", "") + path);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException none) {
            return "";
        }
    }
}
