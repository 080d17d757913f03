package io.pressluft.controlplane.provider.ssh;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The address of an existing server, as an operator writes it. The control plane's own host is never one: its key would
 * open the machine that holds all keys, and the playbook would take over its web server and firewall.
 */
public final class ServerAddress {

    private static final int LONGEST_NAME = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");

    /** Programs read such a last part as a number: 127.1, 0x7f000001 and 2130706433 are all loopback. */
    private static final Pattern NUMERIC = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    private static final Set<String> OWN_NAMES = Set.of("localhost", "ip6-localhost", "ip6-loopback");

    private ServerAddress() {}

    /** A host name, an IPv4 address with four parts, or an IPv6 address without brackets and zone. */
    public static boolean valid(String host) {
        if (!host.chars().allMatch(c -> c < 0x80)) {
            return false; // some look-alikes become ASCII when they are lower-cased
        }
        var text = host.toLowerCase(Locale.ROOT);
        return text.indexOf(':') >= 0
                ? text.matches("[0-9a-f:.]{2,45}") && literal(text).isPresent()
                : named(text);
    }

    private static boolean named(String host) {
        var labels = host.split("\\.", -1);
        if (NUMERIC.matcher(labels[labels.length - 1]).matches()) {
            return ipv4(labels);
        }
        return host.length() <= LONGEST_NAME
                && Arrays.stream(labels).allMatch(label -> LABEL.matcher(label).matches());
    }

    private static boolean ipv4(String[] parts) {
        return parts.length == 4
                && Arrays.stream(parts).allMatch(part -> OCTET.matcher(part).matches() && Integer.parseInt(part) < 256);
    }

    /** Whether a valid host is this one or no single machine at all, as far as that shows without asking a name server. */
    public static boolean refused(String host) {
        var text = host.toLowerCase(Locale.ROOT);
        if (OWN_NAMES.contains(text) || text.endsWith(".localhost") || text.startsWith("localhost.")) {
            return true;
        }
        return literal(text).map(ServerAddress::refused).orElse(false);
    }

    static boolean refused(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isMulticastAddress()
                    || address.isLinkLocalAddress()
                    || isNobodys(address)
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
    }

    /** The network without a number, and reserved addresses with the broadcast; in IPv6, what was to hold IPv4 addresses. */
    private static boolean isNobodys(InetAddress address) {
        int first = address.getAddress()[0] & 0xff;
        return address instanceof Inet6Address six ? six.isIPv4CompatibleAddress() : first == 0 || first >= 0xf0;
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return host.indexOf(':') >= 0 || ipv4(host.split("\\.", -1))
                    ? Optional.of(InetAddress.ofLiteral(host))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The machine's address; of several the first. */
    static InetAddress resolve(String host) throws UnknownHostException {
        return InetAddress.getByName(host);
    }

    /** Whether only its own network reaches it. */
    static boolean isPrivate(InetAddress address) {
        var bytes = address.getAddress();
        return address.isSiteLocalAddress() || (bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc);
    }
}
