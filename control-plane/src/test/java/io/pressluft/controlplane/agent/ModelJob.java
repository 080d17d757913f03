package io.pressluft.controlplane.agent;

import io.pressluft.controlplane.job.Job;
import io.pressluft.controlplane.job.JobPart;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A job as its model remembers it. */
final class ModelJob {

    /** In the order of writing; what happened is told with it, so that two runs can be compared. */
    final int number;

    final String id;
    final String type;
    final @Nullable String site;
    final List<String> nodes;
    final boolean worker;
    final Set<String> taken = new HashSet<>();

    /** Whether its proof was asked for and given, before anything else was decided. */
    boolean proved;

    /** What was seen of it last; absent before the first look. */
    @Nullable
    ModelLook look;

    ModelJob(int number, Job job) {
        this.number = number;
        this.id = job.id();
        this.type = job.type();
        this.site = job.siteId();
        this.nodes = job.parts().stream().map(JobPart::nodeId).toList();
        this.worker = job.parts().stream().allMatch(part -> part.state() == null);
    }

    boolean ended() {
        return look != null && look.ended();
    }

    boolean in(String state) {
        return look != null && look.state().equals(state);
    }

    @Override
    public String toString() {
        return "#" + number;
    }
}
