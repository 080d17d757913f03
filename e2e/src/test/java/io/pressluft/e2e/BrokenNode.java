package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Breaks the node under a job and looks at everything that has to hold then. */
final class BrokenNode {

    /** For both proofs to lose their patience, and for an undo on a busy host. */
    private static final Duration END = Duration.ofMinutes(3);

    private static final int LOOKS = 20;

    private final Pressluft pressluft;

    BrokenNode(Pressluft pressluft) {
        this.pressluft = pressluft;
    }

    /** The job fails as it has to, nothing of it stays, the neighbour keeps answering, and a retry succeeds. */
    void fails(Fault fault) {
        var neighbour = pressluft.quietSite();
        Outcome.refreshReadiness(pressluft);
        var before = Inventory.of(pressluft.node());
        Site site;
        List<String> after;
        try {
            site = requestWhileHeld(fault.title(), fault.inject());
            try (var prober = Prober.of(pressluft, neighbour)) {
                var job = pressluft.api().settled(site.jobId(), END);
                Outcome.assertFailed(job, fault.code(), fault.step());
                Outcome.assertServesNothing(pressluft, site, fault.code());
                var figures = prober.figures(LOOKS);
                System.out.printf("%s: %s; the neighbour: %s%n", fault.title(), fault.code(), figures);
                if (fault.neighbour() == Fault.Neighbour.KEEPS_ANSWERING) {
                    assertThat(figures.failures())
                            .as("the neighbour keeps answering")
                            .isEmpty();
                }
            }
            after = fault.looks() == Fault.Looks.BEFORE_MENDING ? Inventory.of(pressluft.node()) : List.of();
        } finally {
            pressluft.node().script(fault.mend()).require();
        }
        assertThat(fault.looks() == Fault.Looks.BEFORE_MENDING ? after : Inventory.of(pressluft.node()))
                .as("what was applied is undone")
                .isEqualTo(before);
        Outcome.assertRetryConverges(pressluft, site);
    }

    /** The request finds a node that is ready; the agent gets its job when the node is broken. */
    Site requestWhileHeld(String title, String inject) {
        signal("STOP");
        try {
            var site = pressluft.requestSite(title);
            pressluft
                    .node()
                    .script("E=%s%n%s".formatted(site.environmentId(), inject))
                    .require();
            return site;
        } finally {
            signal("CONT");
        }
    }

    /** As {@link #requestWhileHeld}, for the deletion of a site that is there. @return the job */
    JsonNode deleteWhileHeld(Site site, String inject) {
        signal("STOP");
        String job;
        try {
            job = pressluft.requestDeletion(site);
            pressluft
                    .node()
                    .script("E=%s%n%s".formatted(site.environmentId(), inject))
                    .require();
        } finally {
            signal("CONT");
        }
        return pressluft.api().settled(job, END);
    }

    private void signal(String name) {
        pressluft
                .node()
                .run("systemctl", "kill", "--kill-whom=main", "--signal=" + name, "pressluft-agent")
                .require();
    }
}
