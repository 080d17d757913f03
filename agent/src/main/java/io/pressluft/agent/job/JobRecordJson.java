package io.pressluft.agent.job;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import io.pressluft.agent.run.Failure;
import io.pressluft.agent.run.RunPhase;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A job record as text. */
final class JobRecordJson {

    private static final int VERSION = 1;

    private JobRecordJson() {}

    static String write(JobRecord record) {
        var json = new JsonObject();
        json.put("version", VERSION);
        json.put("order", order(record.order()));
        json.put("stage", record.stage().name());
        json.put("runs", array(record.runs(), JobRecordJson::run));
        json.put("failure", failure(record.failure()));
        json.put("reason", record.reason().name());
        json.put("reports", array(record.reports(), JobRecordJson::report));
        json.put("changedAt", record.changedAt().toEpochMilli());
        return JsonWriter.string(json);
    }

    static JobRecord read(String text) throws IOException {
        try {
            var json = JsonParser.object().from(text);
            return new JobRecord(
                    order(json.getObject("order")),
                    JobStage.valueOf(json.getString("stage")),
                    list(json.getArray("runs"), JobRecordJson::run),
                    failure(json.getObject("failure")),
                    UndoReason.valueOf(json.getString("reason")),
                    list(json.getArray("reports"), JobRecordJson::report),
                    Instant.ofEpochMilli(json.getLong("changedAt")));
        } catch (JsonParserException | RuntimeException e) {
            throw new IOException("not a job record", e);
        }
    }

    private static JsonObject order(JobOrder order) {
        var json = new JsonObject();
        json.put("jobId", order.jobId());
        json.put("type", order.type());
        json.put("siteId", order.siteId());
        json.put("token", order.token());
        json.put("payload", order.payload());
        json.put("deadlineBoot", order.deadline().bootMillis());
        json.put("deadlineBootId", order.deadline().bootId());
        json.put("deadlineEpoch", order.deadline().epochMillis());
        json.put("stepMillis", order.stepMillis());
        var page = order.page();
        if (page != null) {
            var shown = new JsonObject();
            shown.put("url", page.url());
            shown.put("environmentId", page.environmentId());
            shown.put("identity", page.identity());
            shown.put("release", page.release());
            json.put("page", shown);
        }
        return json;
    }

    private static JobOrder order(JsonObject json) {
        var deadline = new Deadline(
                json.getLong("deadlineBoot"), json.getString("deadlineBootId"), json.getLong("deadlineEpoch"));
        var shown = json.getObject("page");
        var page = shown == null
                ? null
                : new PageToProve(
                        shown.getString("url"),
                        shown.getString("environmentId"),
                        shown.getString("identity"),
                        shown.getString("release"));
        return new JobOrder(
                json.getString("jobId"),
                json.getString("type"),
                json.getString("siteId"),
                json.getLong("token"),
                json.getString("payload"),
                deadline,
                json.getLong("stepMillis"),
                page);
    }

    private static JsonObject run(RunRecord run) {
        var json = new JsonObject();
        json.put("phase", run.phase().name());
        json.put("directory", run.directory());
        json.put("ordinalBase", run.ordinalBase());
        json.put("logBase", run.logBase());
        return json;
    }

    private static RunRecord run(JsonObject json) {
        return new RunRecord(
                RunPhase.valueOf(json.getString("phase")),
                json.getString("directory"),
                json.getInt("ordinalBase"),
                json.getLong("logBase"));
    }

    private static JsonObject failure(Failure failure) {
        var json = new JsonObject();
        json.put("code", failure.code());
        json.put("message", failure.message());
        json.put("step", failure.step());
        return json;
    }

    private static Failure failure(JsonObject json) {
        return new Failure(json.getString("code"), json.getString("message"), json.getString("step"));
    }

    private static JsonObject report(Report report) {
        var json = new JsonObject();
        json.put("phase", report.phase().name());
        json.put("succeeded", report.succeeded());
        json.put("failure", failure(report.failure()));
        json.put("outputs", new JsonObject(report.outputs()));
        json.put("reason", report.reason().name());
        json.put("seen", report.seen());
        return json;
    }

    private static Report report(JsonObject json) {
        Map<String, String> outputs = new TreeMap<>();
        json.getObject("outputs").forEach((name, value) -> outputs.put(name, String.valueOf(value)));
        return new Report(
                RunPhase.valueOf(json.getString("phase")),
                json.getBoolean("succeeded"),
                failure(json.getObject("failure")),
                Map.copyOf(outputs),
                UndoReason.valueOf(json.getString("reason")),
                json.getBoolean("seen"));
    }

    private static <T> JsonArray array(List<T> items, Function<T, JsonObject> write) {
        var json = new JsonArray();
        items.forEach(item -> json.add(write.apply(item)));
        return json;
    }

    private static <T> List<T> list(JsonArray json, Function<JsonObject, T> read) {
        return json.stream().map(JsonObject.class::cast).map(read).toList();
    }
}
