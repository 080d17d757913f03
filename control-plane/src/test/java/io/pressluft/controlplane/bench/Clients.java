package io.pressluft.controlplane.bench;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Callers that enqueue at the same time, each one job after the other. */
final class Clients {

    private Clients() {}

    static void each(List<String> sites, int clients, Consumer<String> enqueue) {
        try (var pool = Executors.newFixedThreadPool(clients)) {
            var shares = IntStream.range(0, clients)
                    .mapToObj(share -> pool.submit(() -> {
                        for (int i = share; i < sites.size(); i += clients) {
                            enqueue.accept(sites.get(i));
                        }
                    }))
                    .toList();
            for (var share : shares) {
                share.get();
            }
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("the jobs could not be enqueued", e);
        }
    }
}
