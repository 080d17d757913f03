package io.pressluft.controlplane.settings;

import io.pressluft.controlplane.error.RequestException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Every setting there is. */
public enum SettingKey {
    PREVIEW_DOMAIN(
            "(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}",
            "Domain below which new environments on nodes with a public address get their preview name; its wildcard"
                    + " must point to the nodes. Empty: sslip.io names."),
    GATEWAY_ADDRESS(
            Address.PATTERN + "(," + Address.PATTERN + "){0,7}",
            "host:port that agents dial, or up to eight of them separated by commas, one for each replica; used when a node"
                    + " is provisioned. Empty: the address with which this host reaches the node, and the gateway's port.");

    private static final class Address {
        static final String PATTERN = "([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}])"
                + ":([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    }

    private final Pattern pattern;
    private final String description;

    SettingKey(String pattern, String description) {
        this.pattern = Pattern.compile(pattern);
        this.description = description;
    }

    /** As the API writes it, e.g. {@code preview-domain}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String description() {
        return description;
    }

    void check(String value) {
        if (!value.isEmpty() && !pattern.matcher(value).matches()) {
            throw RequestException.invalid("value", "Does not fit the setting " + text() + ".");
        }
    }

    static Optional<SettingKey> of(String text) {
        return Arrays.stream(values()).filter(key -> key.text().equals(text)).findFirst();
    }
}
