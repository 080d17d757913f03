package io.pressluft.cli;

import com.google.gson.JsonObject;

/** What follows a 202: the job is shown and, unless told otherwise, followed to its end. */
final class Accepted {
    private Accepted() {}

    /** The resource is read again after its job, so that what is printed is what it became. */
    static int finish(Pressluft root, Api api, JsonObject answer, String resource, String path, boolean noWait) {
        Output output = root.output();
        JsonObject job = Json.object(answer, "job");
        if (job == null)
            throw CliException.failed(
                    "answer_unreadable",
                    "The server accepted the request without naming a job",
                    "See pressluft job list.");
        String id = Json.text(job, "id", "");
        output.say("Job %s (%s)".formatted(id, Json.text(job, "type", "")));
        if (noWait) {
            if (output.json()) output.result(answer);
            else output.say("Follow it: pressluft job watch " + id);
            return Exit.OK;
        }
        JsonObject settled = root.follow(api, id);
        JsonObject before = Json.object(answer, resource);
        JsonObject after = before == null ? new JsonObject() : current(api, path, before);
        if (output.json()) {
            var result = new JsonObject();
            result.add(resource, after);
            result.add("job", settled);
            output.result(result);
        } else if (JobWatch.succeeded(settled)) {
            output.say("%s %s is %s"
                    .formatted(
                            resource.equals("node") ? "Node" : "Site",
                            Json.text(after, "name", Json.text(after, "slug", "")),
                            Json.text(after, "state", "")));
            for (JsonObject environment : Json.objects(after, "environments"))
                output.facts("preview", Json.text(environment, "url"));
        }
        return root.ended(settled);
    }

    private static JsonObject current(Api api, String path, JsonObject before) {
        try {
            return api.get(path + Api.encoded(Json.text(before, "id", "")));
        } catch (CliException e) {
            return before;
        }
    }
}
