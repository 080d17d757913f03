package io.pressluft.controlplane.agent;

import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.JobInHand;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.PhaseReport;
import io.pressluft.protocol.v1.ToAgent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The agent of one node as the control plane hears it, and the messages that are on their way between the two. */
final class ModelNode {

    private static final String PROOF_KEY = "a-key";

    final String id;
    final List<ToAgent> down = new ArrayList<>();
    final List<FromAgent> up = new ArrayList<>();
    private final SplittableRandom random;
    private final Map<String, Course> journal = new LinkedHashMap<>();
    private final Map<String, Long> tokens = new HashMap<>();

    ModelNode(String id, SplittableRandom random) {
        this.id = id;
        this.random = random;
    }

    private enum Stage {
        ACCEPTED,
        APPLIED,
        SETTLED
    }

    /** A job in the agent's journal. */
    private static final class Course {
        final JobOffer order;
        Stage stage = Stage.ACCEPTED;
        boolean seen;
        FromAgent.Builder last;

        Course(JobOffer order) {
            this.order = order;
            this.last = Says.accepted(order.getJobId());
        }
    }

    void received(ToAgent message) {
        switch (message.getMessageCase()) {
            case OFFER -> offered(message.getOffer());
            case VERDICT ->
                told(message.getVerdict().getJobId(), message.getVerdict().getPhase());
            case REPORT_SEEN -> seen(message.getReportSeen().getJobId());
            case WELCOME ->
                message.getWelcome().getTokensMap().forEach((site, token) -> tokens.merge(site, token, Math::max));
            case HEARTBEAT_SEEN, MESSAGE_NOT_SET -> {}
        }
    }

    private void offered(JobOffer offer) {
        var known = journal.get(offer.getJobId());
        if (known != null) {
            up.add(Says.accepted(offer.getJobId()).build());
            if (known.seen) {
                up.add(known.last.build());
            }
            return;
        }
        if (fenced(offer, true)) {
            up.add(Says.refused(offer.getJobId(), "fenced_off").build());
            return;
        }
        if (random.nextInt(25) == 0) {
            up.add(Says.refused(offer.getJobId(), "journal_failed").build()); // the disk is full, for now
            return;
        }
        tokens.merge(offer.getSiteId(), offer.getFencingToken(), Math::max);
        journal.put(offer.getJobId(), new Course(offer));
        up.add(Says.accepted(offer.getJobId()).build());
    }

    /** @param claiming whether another job with the same token counts as well */
    private boolean fenced(JobOffer offer, boolean claiming) {
        if (offer.getFencingToken() == 0) {
            return false;
        }
        boolean taken = claiming
                && journal.values().stream()
                        .anyMatch(course -> course.order.getSiteId().equals(offer.getSiteId())
                                && course.order.getFencingToken() == offer.getFencingToken());
        return taken || tokens.getOrDefault(offer.getSiteId(), 0L) > offer.getFencingToken();
    }

    private void told(String job, Phase verdict) {
        var course = journal.get(job);
        if (course == null) {
            return;
        }
        switch (course.stage) {
            case ACCEPTED -> {
                if (verdict == Phase.UNDO) {
                    settle(course, Says.undone(job, true, ""));
                }
            }
            case APPLIED -> settle(course, verdict == Phase.COMMIT ? committed(job) : undone(job));
            case SETTLED -> up.add(course.last.build());
        }
    }

    private FromAgent.Builder committed(String job) {
        return random.nextInt(20) > 0
                ? Says.committed(job)
                : FromAgent.newBuilder()
                        .setReport(PhaseReport.newBuilder()
                                .setJobId(job)
                                .setPhase(Phase.COMMIT)
                                .setCode("playbook_failed"));
    }

    private FromAgent.Builder undone(String job) {
        return Says.undone(job, random.nextInt(10) > 0, random.nextBoolean() ? "playbook_failed" : "run_lost");
    }

    private void seen(String job) {
        var course = journal.get(job);
        if (course != null && course.stage == Stage.SETTLED) {
            course.seen = true;
        }
    }

    private void settle(Course course, FromAgent.Builder report) {
        course.stage = Stage.SETTLED;
        course.last = report;
        up.add(report.build());
    }

    /** Something happens on the node to a job that is not known to be over. False when there is none. */
    boolean work() {
        var open = journal.values().stream().filter(course -> !course.seen).toList();
        if (open.isEmpty()) {
            return false;
        }
        var course = open.get(random.nextInt(open.size()));
        var job = course.order.getJobId();
        switch (course.stage) {
            case ACCEPTED -> {
                if (fenced(course.order, false)) {
                    settle(course, Says.undone(job, true, "fenced_off"));
                } else if (random.nextInt(4) == 0) {
                    up.add(Says.step(job, 1 + random.nextInt(3), random.nextBoolean() ? "running" : "changed")
                            .build());
                } else if (random.nextInt(5) == 0) {
                    settle(course, undone(job));
                } else {
                    course.stage = Stage.APPLIED;
                    course.last = Says.applied(job, PROOF_KEY);
                    up.add(course.last.build());
                }
            }
            case APPLIED -> {
                if (fenced(course.order, false)) {
                    settle(course, Says.undone(job, false, "fenced_off"));
                } else if (random.nextInt(20) == 0) {
                    settle(course, Says.undone(job, true, "deadline_exceeded"));
                } else {
                    up.add(course.last.build()); // it is told until it is seen
                }
            }
            case SETTLED -> up.add(course.last.build());
        }
        return true;
    }

    /** The stream ends, and what was on its way is lost. */
    void cut() {
        down.clear();
        up.clear();
    }

    /** The node was set up anew: the agent knows nothing of what it did. */
    void forget() {
        journal.clear();
        tokens.clear();
    }

    List<JobInHand> inHand() {
        return journal.values().stream()
                .filter(course -> !course.seen)
                .map(course -> Says.inHand(
                        course.order.getJobId(),
                        course.last.hasReport() ? course.last.getReport().getPhase() : Phase.APPLY,
                        course.stage != Stage.ACCEPTED))
                .toList();
    }
}
