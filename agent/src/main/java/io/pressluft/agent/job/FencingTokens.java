package io.pressluft.agent.job;

import io.pressluft.agent.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The highest fencing token of every site, on disk: {@code <site id>} holds the bare number, for the runs to compare
 * with, and {@code <site id>.holder} the number and the job that took it. The holder is written first, so that a crash
 * between the two leaves a token that nobody has taken.
 */
public final class FencingTokens {

    private static final Logger LOG = Logger.getLogger(FencingTokens.class.getName());

    /** Tokens go up by one a job. One that is this far ahead is a mistake, and taking it would lock the site. */
    private static final long FARTHEST_AHEAD = 1_000_000;

    private final Path directory;

    public FencingTokens(Path directory) throws IOException {
        this.directory = directory;
        DurableFile.directory(directory);
    }

    public Path file(String siteId) {
        return directory.resolve(siteId);
    }

    /** 0 when no token is known. */
    public synchronized long highest(String siteId) throws IOException {
        try {
            return Long.parseLong(Files.readString(file(siteId)).strip());
        } catch (NoSuchFileException unknown) {
            return 0;
        } catch (NumberFormatException damaged) {
            LOG.log(Level.WARNING, "site={0} token file is damaged; the control plane knows the token", siteId);
            return 0;
        }
    }

    /** Takes the token for the job; false when a newer job, or another one with this token, holds the site. */
    synchronized boolean claim(String siteId, long token, String jobId) throws IOException {
        long highest = highest(siteId);
        if (token < 1 || token < highest || token - highest > FARTHEST_AHEAD) {
            return false;
        }
        var mine = token + " " + jobId;
        var holder = holder(siteId);
        if (token == highest && holder.startsWith(token + " ")) {
            return holder.equals(mine);
        }
        DurableFile.write(holderFile(siteId), mine + "\n");
        if (token > highest) {
            DurableFile.write(file(siteId), token + "\n");
        }
        return true;
    }

    /** The control plane's word for the highest token; a lost or restored file catches up, none goes back. */
    synchronized void raise(String siteId, long token) throws IOException {
        if (token > highest(siteId)) {
            DurableFile.write(file(siteId), token + "\n");
        }
    }

    private String holder(String siteId) throws IOException {
        try {
            return Files.readString(holderFile(siteId)).strip();
        } catch (NoSuchFileException unknown) {
            return "";
        }
    }

    private Path holderFile(String siteId) {
        return directory.resolve(siteId + ".holder");
    }
}
