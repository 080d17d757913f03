package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.AcquisitionSpec;

/** What the machine as a whole may use. It can divide this up inside, but not exceed it. */
record MachineLimits(long memoryBytes, double cpus) {

    static final int TASKS = 16384;
    static final int CPU_PERIOD_MICROS = 100_000;

    static MachineLimits of(AcquisitionSpec spec) {
        return new MachineLimits(spec.memoryMb() * 1024L * 1024, spec.cpus());
    }

    long cpuQuotaMicros() {
        return Math.round(cpus * CPU_PERIOD_MICROS);
    }

    long cpuPercent() {
        return Math.round(cpus * 100);
    }
}
