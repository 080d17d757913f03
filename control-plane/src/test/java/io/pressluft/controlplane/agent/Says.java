package io.pressluft.controlplane.agent;

import com.google.protobuf.ByteString;
import io.pressluft.protocol.v1.FromAgent;
import io.pressluft.protocol.v1.Heartbeat;
import io.pressluft.protocol.v1.JobAnswer;
import io.pressluft.protocol.v1.JobInHand;
import io.pressluft.protocol.v1.LogChunk;
import io.pressluft.protocol.v1.Phase;
import io.pressluft.protocol.v1.PhaseReport;
import io.pressluft.protocol.v1.Step;
import java.util.Map;

/** What an agent says. */
final class Says {

    private Says() {}

    static FromAgent.Builder accepted(String job) {
        return FromAgent.newBuilder()
                .setAnswer(JobAnswer.newBuilder().setJobId(job).setAccepted(true));
    }

    static FromAgent.Builder refused(String job, String code) {
        return FromAgent.newBuilder()
                .setAnswer(JobAnswer.newBuilder().setJobId(job).setCode(code).setMessage("The agent refused."));
    }

    static FromAgent.Builder step(String job, int ordinal, String outcome) {
        return FromAgent.newBuilder()
                .setStep(Step.newBuilder()
                        .setJobId(job)
                        .setPhase(Phase.APPLY)
                        .setOrdinal(ordinal)
                        .setName("Make the user")
                        .setOutcome(outcome)
                        .setStartedEpochMs(1_795_225_800_000L)
                        .setDurationMs(12));
    }

    static FromAgent.Builder log(String job, String text) {
        return FromAgent.newBuilder()
                .setLog(LogChunk.newBuilder().setJobId(job).setContent(ByteString.copyFromUtf8(text)));
    }

    /** The change was applied and proven on the node. */
    static FromAgent.Builder applied(String job, String proofKey) {
        return FromAgent.newBuilder()
                .setReport(PhaseReport.newBuilder()
                        .setJobId(job)
                        .setPhase(Phase.APPLY)
                        .setSucceeded(true)
                        .putAllOutputs(Map.of(
                                "proof_public_key", proofKey,
                                "wordpress_version", "6.9",
                                "php_version", "8.3")));
    }

    static FromAgent.Builder committed(String job) {
        return FromAgent.newBuilder()
                .setReport(PhaseReport.newBuilder()
                        .setJobId(job)
                        .setPhase(Phase.COMMIT)
                        .setSucceeded(true));
    }

    static FromAgent.Builder undone(String job, boolean cleanly, String code) {
        return FromAgent.newBuilder()
                .setReport(PhaseReport.newBuilder()
                        .setJobId(job)
                        .setPhase(Phase.UNDO)
                        .setSucceeded(cleanly)
                        .setCode(code)
                        .setMessage("It did not work.")
                        .setFailingStep("Make the user"));
    }

    static FromAgent.Builder beat(long sequence, long loadMilli) {
        return FromAgent.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder()
                        .setSequence(sequence)
                        .setLoadMilli(loadMilli)
                        .setMemoryAvailableBytes(1L << 30)
                        .setDiskFreeBytes(1L << 30)
                        .setClockEpochMs(1_795_225_800_000L));
    }

    static JobInHand inHand(String job, Phase phase, boolean finished) {
        return JobInHand.newBuilder()
                .setJobId(job)
                .setPhase(phase)
                .setFinished(finished)
                .build();
    }
}
