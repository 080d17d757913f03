package io.pressluft.controlplane.provider.nspawn;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** One operation at a time per node. */
final class NodeLocks {

    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    private final ConcurrentMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    Held hold(String nodeId) {
        ReentrantLock lock = locks.computeIfAbsent(nodeId, id -> new ReentrantLock());
        lock.lock();
        return lock::unlock;
    }
}
