/** Jobs: every mutation of a node or site, its state, fencing, steps, log and events. Owns tables job, job_part, job_step, job_log, job_event, fence. Knows no other feature: features contribute JobType beans. */
@NullMarked
package io.pressluft.controlplane.job;

import org.jspecify.annotations.NullMarked;
