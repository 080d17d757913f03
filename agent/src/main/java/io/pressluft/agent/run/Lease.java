package io.pressluft.agent.run;

import io.pressluft.agent.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The moment until which runs may begin further steps, kept in a file beside each of them. */
public final class Lease {

    private static final Logger LOG = Logger.getLogger(Lease.class.getName());

    private final Set<Path> files = new HashSet<>();
    private long end;

    /** @param newEnd CLOCK_BOOTTIME in milliseconds; a lease never becomes shorter */
    public synchronized void renew(long newEnd) {
        if (newEnd <= end) {
            return;
        }
        end = newEnd;
        files.forEach(this::write);
    }

    /** A lease that no gateway has granted since the agent started leaves the file of an adopted run as it was. */
    synchronized void attach(Path file) {
        files.add(file);
        if (end > 0) {
            write(file);
        }
    }

    synchronized void detach(Path file) {
        files.remove(file);
    }

    private void write(Path file) {
        try {
            DurableFile.writeUnsynced(file, end + "\n");
        } catch (IOException e) {
            LOG.log(Level.WARNING, "lease=" + file + " not renewed; its run pauses at the next step", e);
        }
    }
}
