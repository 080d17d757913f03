package io.pressluft.controlplane.input;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a request for an existing server may and may not say. */
final class Servers {

    /** Of a node only where it is an existing server. */
    static final Set<String> FIELDS = Set.of("host", "port", "user", "hostKey", "oneTimePassword");

    static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMKIzvrnV70E2ICHowbrGs6s4i1UHWZkd6PIvnfEZjPe";

    /** The address is nobody's, and the fingerprint no key's. */
    static final Map<String, String> LEGAL =
            Map.of("source", "remote", "provider", "ssh", "host", "192.0.2.10", "hostKey", "SHA256:" + "A".repeat(43));

    static final Map<String, String> FORM = Map.of(
            "name",
            "legal",
            "host",
            "192.0.2.10",
            "port",
            "22",
            "user",
            "root",
            "hostKey",
            "SHA256:" + "A".repeat(43),
            "oneTimePassword",
            "o'nce {{ only }}");

    private Servers() {}

    /** By field and name; each is refused before anything is looked up or connected to. */
    static Map<String, Map<String, String>> hostile() {
        return new TreeMap<>(Map.of(
                "host", hosts(), "port", ports(), "user", users(), "hostKey", keys(), "oneTimePassword", words()));
    }

    private static Map<String, String> hosts() {
        var all = new LinkedHashMap<String, String>();
        own(all);
        nobodys(all);
        numbers(all);
        syntax(all);
        return all;
    }

    private static void own(Map<String, String> all) {
        all.put("localhost", "localhost");
        all.put("localhost in upper case", "LOCALHOST");
        all.put("a name below localhost", "x.localhost");
        all.put("localhost in a domain", "localhost.localdomain");
        all.put("localhost of IPv6", "ip6-localhost");
        all.put("loopback", "127.0.0.1");
        all.put("other loopback", "127.99.0.1");
        all.put("loopback of IPv6", "::1");
        all.put("long loopback of IPv6", "0:0:0:0:0:0:0:1");
        all.put("mapped loopback", "::ffff:127.0.0.1");
        all.put("mapped loopback in hexadecimal", "::ffff:7f00:1");
        all.put("compatible loopback", "::127.0.0.1");
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(InetAddress::getHostAddress)
                    .map(address -> address.replaceFirst("%.*", ""))
                    .forEach(address -> all.put("the own address " + address, address));
        } catch (SocketException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void nobodys(Map<String, String> all) {
        all.put("any address", "0.0.0.0");
        all.put("any address of IPv6", "::");
        all.put("no network", "0.1.2.3");
        all.put("link-local", "169.254.169.254");
        all.put("link-local of IPv6", "fe80::1");
        all.put("multicast", "224.0.0.1");
        all.put("multicast of IPv6", "ff02::1");
        all.put("reserved", "240.0.0.1");
        all.put("broadcast", "255.255.255.255");
    }

    /** Loopback, as the C library reads it. */
    private static void numbers(Map<String, String> all) {
        all.put("short loopback", "127.1");
        all.put("loopback as a number", "2130706433");
        all.put("loopback in hexadecimal", "0x7f000001");
        all.put("loopback in octal", "0177.0.0.1");
        all.put("loopback as one octal number", "017700000001");
        all.put("loopback in mixed digits", "0x7f.0.0.01");
        all.put("loopback in full width", "\uff11\uff12\uff17.0.0.1");
        all.put("loopback with other dots", "127\u30020\u30020\u30021");
        all.put("Kelvin sign in a name", "\u212aiosk.example.org");
        all.put("five parts", "1.2.3.4.5");
        all.put("a part too large", "192.0.2.256");
    }

    private static void syntax(Map<String, String> all) {
        all.put("an option of ssh", "-oProxyCommand=touch /tmp/x");
        all.put("a short option", "-p22");
        all.put("a user before it", "root@192.0.2.10");
        all.put("a port after it", "192.0.2.10:22");
        all.put("brackets around it", "[2001:db8::7]");
        all.put("a zone", "2001:db8::7%eth0");
        all.put("a zone of shell", "fe80::1%$(id)");
        all.put("a network", "192.0.2.0/24");
        all.put("a range", "192.0.2.[1:9]");
        all.put("a second host", "192.0.2.10,192.0.2.11");
        all.put("a variable of an inventory", "192.0.2.10 ansible_connection=local");
        all.put("a second line", "192.0.2.10\nProxyCommand id");
        all.put("a socket", "unix:/run/x");
        all.put("an address of ssh", "ssh://192.0.2.10");
        all.put("two colons too many", "1::2::3");
        all.put("a dot at the end", "web.example.org.");
        all.put("a dot at the beginning", ".example.org");
        all.put("a label too long", "a".repeat(64) + ".org");
        all.put("a name too long", "a.".repeat(126) + "ab");
        all.put("an underscore", "web_1");
    }

    private static Map<String, String> ports() {
        var all = new TreeMap<String, String>();
        all.put("0", "0");
        all.put("65536", "65536");
        all.put("99999", "99999");
        all.put("2^32 and 22", "4294967318");
        all.put("negative", "-22");
        return all;
    }

    private static Map<String, String> users() {
        var all = new TreeMap<String, String>();
        all.put("an option of ssh", "-oProxyCommand=id");
        all.put("a host after it", "root@192.0.2.11");
        all.put("a password after it", "root:once");
        all.put("a command after it", "root;id");
        all.put("a jump", "root%web");
        all.put("in upper case", "Root");
        all.put("33 letters", "a".repeat(33));
        all.put("a number", "0");
        all.put("two names", "root admin");
        return all;
    }

    private static Map<String, String> keys() {
        var all = new TreeMap<String, String>();
        all.put("a key that is none", "ssh-ed25519 AAAA");
        all.put("a key of another type", KEY.replace("ssh-ed25519", "ssh-rsa"));
        all.put("a type that is not trusted", "ssh-dss AAAAB3NzaC1kc3M=");
        all.put("a certificate", "ssh-ed25519-cert-v01@openssh.com AAAA");
        all.put("options before a key", "command=\"id\" " + KEY);
        all.put("a host before a key", "192.0.2.10 " + KEY);
        all.put("two keys", KEY + "\n" + KEY);
        all.put("a control character after a key", KEY + " a\u009bb");
        all.put("half a character after a key", KEY + " a\ud800");
        all.put("a private key", "-----BEGIN OPENSSH PRIVATE KEY-----");
        all.put("a short fingerprint", "SHA256:AAAA");
        all.put("a long fingerprint", "SHA256:" + "A".repeat(44));
        all.put("an old fingerprint", "MD5:" + "00:".repeat(15) + "00");
        all.put("two fingerprints", "SHA256:" + "A".repeat(43) + "\nSHA256:" + "A".repeat(43));
        all.put("a key too long", KEY + " " + "a".repeat(1_000));
        return all;
    }

    private static Map<String, String> words() {
        var all = new TreeMap<String, String>();
        all.put("two lines", "once\ntwice");
        all.put("a line end", "once\n");
        all.put("a C1 control character", "a\u009bb");
        all.put("half a character", "a\ud800");
        all.put("257 letters", "a".repeat(257));
        return all;
    }
}
