package io.pressluft.agent.job;

import io.pressluft.agent.run.RunPhase;

/**
 * A run that was begun for a job.
 *
 * @param directory its name within the job's directory
 * @param ordinalBase what is added to the run's ordinals to make them the job's
 * @param logBase where its log begins in the job's
 */
public record RunRecord(RunPhase phase, String directory, int ordinalBase, long logBase) {}
