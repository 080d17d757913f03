package io.pressluft.controlplane.bench;

import java.util.List;

/** One side of the comparison. */
interface Contender {

    /** Enqueues a job for each site, from {@code clients} threads, and returns once all of them are settled. */
    void run(List<String> sites, int clients) throws InterruptedException;
}
