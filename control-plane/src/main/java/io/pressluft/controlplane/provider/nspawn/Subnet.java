package io.pressluft.controlplane.provider.nspawn;

/** An IPv4 network. */
record Subnet(int network, int prefix) {

    Subnet {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("not a prefix length: " + prefix);
        }
        network &= mask(prefix);
    }

    /** From {@code 10.1.2.0/24}, or an address alone, which is a network of one. */
    static Subnet parse(String text) {
        String[] parts = text.split("/", 2);
        int prefix = parts.length == 2 ? Integer.parseInt(parts[1]) : 32;
        int address = 0;
        String[] octets = parts[0].split("\\.", -1);
        if (octets.length != 4) {
            throw new IllegalArgumentException("not an IPv4 network: " + text);
        }
        for (String octet : octets) {
            int value = Integer.parseInt(octet);
            if (value < 0 || value > 255) {
                throw new IllegalArgumentException("not an IPv4 network: " + text);
            }
            address = address << 8 | value;
        }
        return new Subnet(address, prefix);
    }

    boolean overlaps(Subnet other) {
        int shorter = mask(Math.min(prefix, other.prefix));
        return (network & shorter) == (other.network & shorter);
    }

    /** The n-th address of this network. */
    String address(int n) {
        return dotted(network + n);
    }

    @Override
    public String toString() {
        return dotted(network) + "/" + prefix;
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    private static String dotted(int address) {
        return "%d.%d.%d.%d".formatted(address >>> 24, address >>> 16 & 0xff, address >>> 8 & 0xff, address & 0xff);
    }
}
