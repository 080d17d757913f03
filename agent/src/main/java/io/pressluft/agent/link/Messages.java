package io.pressluft.agent.link;

import com.google.protobuf.ByteString;
import io.pressluft.agent.job.Answer;
import io.pressluft.agent.job.JobRecord;
import io.pressluft.agent.job.Offer;
import io.pressluft.agent.job.PageToProve;
import io.pressluft.agent.job.Report;
import io.pressluft.agent.run.RunPhase;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.JobAnswer;
import io.pressluft.protocol.v1.JobInHand;
import io.pressluft.protocol.v1.JobOffer;
import io.pressluft.protocol.v1.LogChunk;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.PhaseReport;
import java.util.List;
import java.util.Optional;

/** Between the agent's own values and those of the protocol. */
final class Messages {

    private Messages() {}

    static Offer offer(JobOffer offer) {
        var page = offer.getFrontPage();
        return new Offer(
                offer.getJobId(),
                offer.getType(),
                offer.getSiteId(),
                offer.getFencingToken(),
                offer.getPayload(),
                offer.getDeadlineMs(),
                offer.getStepDeadlineMs(),
                offer.hasFrontPage()
                        ? new PageToProve(page.getUrl(), page.getEnvironmentId(), page.getIdentity(), page.getRelease())
                        : null);
    }

    static FromAgent answer(String jobId, Answer answer) {
        var message = JobAnswer.newBuilder().setJobId(jobId);
        switch (answer) {
            case Answer.Accepted() -> message.setAccepted(true);
            case Answer.Refused(var code, var text) -> message.setCode(code).setMessage(text);
        }
        return FromAgent.newBuilder().setAnswer(message).build();
    }

    static FromAgent log(String jobId, long offset, byte[] content) {
        var chunk = LogChunk.newBuilder().setJobId(jobId).setOffset(offset).setContent(ByteString.copyFrom(content));
        return FromAgent.newBuilder().setLog(chunk).build();
    }

    static FromAgent report(String jobId, Report report) {
        var message = PhaseReport.newBuilder()
                .setJobId(jobId)
                .setPhase(phase(report.phase()))
                .setSucceeded(report.succeeded())
                .setCode(report.failure().code())
                .setMessage(report.failure().message())
                .setFailingStep(report.failure().step())
                .putAllOutputs(report.outputs())
                .setUndoReason(report.reason().word());
        return FromAgent.newBuilder().setReport(message).build();
    }

    static List<JobInHand> inHand(List<JobRecord> records) {
        return records.stream()
                .map(record -> JobInHand.newBuilder()
                        .setJobId(record.id())
                        .setPhase(phase(record.phase()))
                        .setFinished(record.phaseFinished())
                        .build())
                .toList();
    }

    static Phase phase(RunPhase phase) {
        return switch (phase) {
            case APPLY -> Phase.APPLY;
            case COMMIT -> Phase.COMMIT;
            case UNDO -> Phase.UNDO;
        };
    }

    /** Empty for a phase that this version does not know. */
    static Optional<RunPhase> phase(Phase phase) {
        return switch (phase) {
            case APPLY -> Optional.of(RunPhase.APPLY);
            case COMMIT -> Optional.of(RunPhase.COMMIT);
            case UNDO -> Optional.of(RunPhase.UNDO);
            case PHASE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
