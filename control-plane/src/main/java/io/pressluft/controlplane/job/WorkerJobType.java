package io.pressluft.controlplane.job;

/** A job that a worker of the control plane runs: acquiring, provisioning and releasing nodes. */
public non-sealed interface WorkerJobType extends JobType {

    /**
     * Does the work; runs again from the start after a crash, so it converges. Returning means that the outcome has been
     * proven.
     *
     * @throws io.pressluft.controlplane.error.CodedException when the work failed
     */
    void run(Job job, WorkLog log) throws InterruptedException;
}
