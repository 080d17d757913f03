package io.pressluft.controlplane.provider.nspawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Mutual exclusion between all processes of this host, by a locked file. The kernel frees it when its holder dies. File
 * locks belong to processes, so threads of one process exclude each other by a lock of their own first.
 */
final class HostLock implements AutoCloseable {

    private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel channel;

    private HostLock(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /** Waits for the lock. Not reentrant. The file stays: deleting it would let two holders in. */
    static HostLock hold(Path file) {
        ReentrantLock threads = THREADS.computeIfAbsent(file.toAbsolutePath(), path -> new ReentrantLock());
        threads.lock();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            return new HostLock(threads, channel);
        } catch (IOException e) {
            threads.unlock();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.unlock();
        }
    }
}
