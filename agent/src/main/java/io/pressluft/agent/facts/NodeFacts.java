package io.pressluft.agent.facts;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reads the facts from the kernel. What cannot be read is reported as zero, never guessed. */
public final class NodeFacts {

    private static final Logger LOG = Logger.getLogger(NodeFacts.class.getName());
    private static final long KIB = 1024;
    private static final long MIB = KIB * KIB;

    private final Path root;

    /** @param root {@code /}, or a tree that looks like it */
    public NodeFacts(Path root) {
        this.root = root;
    }

    public Facts read() {
        long hostTotal = meminfo("MemTotal:");
        long hostAvailable = meminfo("MemAvailable:");
        long total = reservedMemory(hostTotal);
        // In a container meminfo is the host's: the share that is available there stands for the node's own.
        long available = hostTotal == 0 || total == hostTotal
                ? hostAvailable
                : (long) (total * ((double) hostAvailable / hostTotal));
        var sites = root.resolve("var/www");
        return new Facts(load(), total, available, disk(sites, true), disk(sites, false), environments(sites));
    }

    private long load() {
        try {
            var text = Files.readString(root.resolve("proc/loadavg"));
            return new BigDecimal(text.substring(0, text.indexOf(' ')))
                    .movePointRight(3)
                    .longValue();
        } catch (IOException | RuntimeException e) {
            return unknown("load", e);
        }
    }

    private long meminfo(String key) {
        try (var lines = Files.lines(root.resolve("proc/meminfo"))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(kib -> Long.parseLong(kib) * KIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return unknown("memory", e);
        }
    }

    private long reservedMemory(long otherwise) {
        var file = root.resolve("etc/pressluft/node.json");
        if (!Files.exists(file)) {
            return otherwise;
        }
        try {
            long mib = JsonParser.object().from(Files.readString(file)).getLong("node_memory_mb", 0);
            return mib > 0 ? mib * MIB : otherwise;
        } catch (IOException | JsonParserException e) {
            LOG.log(Level.FINE, "fact=node_memory_mb unreadable", e);
            return otherwise;
        }
    }

    private static long disk(Path sites, boolean total) {
        try {
            var store = Files.getFileStore(Files.isDirectory(sites) ? sites : Path.of("/"));
            return total ? store.getTotalSpace() : store.getUsableSpace();
        } catch (IOException e) {
            return unknown("disk", e);
        }
    }

    private static int environments(Path sites) {
        if (!Files.isDirectory(sites)) {
            return 0;
        }
        try (var found = Files.newDirectoryStream(sites, "env_*")) {
            int count = 0;
            for (var entry : found) {
                count += Files.isDirectory(entry) ? 1 : 0;
            }
            return count;
        } catch (IOException e) {
            return (int) unknown("environments", e);
        }
    }

    private static long unknown(String fact, Exception why) {
        LOG.log(Level.FINE, "fact=" + fact + " unreadable", why);
        return 0;
    }
}
