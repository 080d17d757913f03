package io.pressluft.controlplane.job;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much the control plane does itself.
 *
 * @param atOnce how many jobs this replica works on at the same time; few, because provisioning a node is heavy
 */
@ConfigurationProperties("pressluft.workers")
record WorkerSettings(@DefaultValue("4") int atOnce) {

    WorkerSettings {
        if (atOnce < 1) {
            throw new IllegalArgumentException("pressluft.workers.at-once must be at least 1");
        }
    }
}
