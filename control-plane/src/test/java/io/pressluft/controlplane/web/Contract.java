package io.pressluft.controlplane.web;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.pressluft.controlplane.harness.RunningControlPlane;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The API as {@code contracts/openapi.yaml} describes it. */
public final class Contract {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch", "head", "options");

    private final ObjectNode document;

    public Contract() {
        document = (ObjectNode) YAMLMapper.builder()
                .build()
                .readTree(RunningControlPlane.repository()
                        .resolve("contracts/openapi.yaml")
                        .toFile());
        document.path("components").path("schemas").forEach(this::close);
    }

    /** The whole of it. A caller may change what it gets: every contract has its own. */
    public ObjectNode document() {
        return document;
    }

    /** Each as {@code GET /api/sites/{}}. */
    Set<String> operations() {
        var all = new TreeSet<String>();
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey()) && path.getKey().startsWith("/api/")) {
                    all.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + unnamed(path.getKey()));
                }
            }
        }
        return all;
    }

    static String unnamed(String path) {
        return path.replaceAll("\\{[^}]*}", "{}");
    }

    /** What the answer has against the schema of this operation and status. */
    List<String> objections(String method, String path, int status, JsonNode answer) {
        var schema = document.path("paths")
                .path(path)
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses")
                .path(Integer.toString(status));
        return objections(
                resolved(schema).path("content").path("application/json").path("schema"), answer);
    }

    List<String> objectionsTo(String component, JsonNode answer) {
        return objections(document.path("components").path("schemas").path(component), answer);
    }

    /** What the value has against the schema. */
    public List<String> objections(JsonNode schema, JsonNode answer) {
        if (schema.isMissingNode()) {
            return List.of("the contract has no schema for this answer");
        }
        var whole = ((ObjectNode) schema).deepCopy();
        whole.set("components", document.path("components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole)
                .validate(answer, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Error::toString)
                .toList();
    }

    /** What a reference points to; everything else is itself. */
    public JsonNode resolved(JsonNode node) {
        var reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    /** An answer may have no field that the contract does not name. */
    private void close(JsonNode schema) {
        if (schema instanceof ObjectNode open && open.has("allOf")) {
            merge(open);
        }
        if (schema instanceof ObjectNode open && open.has("properties")) {
            open.put("additionalProperties", false);
        }
    }

    private void merge(ObjectNode schema) {
        var properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (var part : schema.path("allOf")) {
            var whole = resolved(part);
            whole.path("properties").properties().forEach(one -> properties.set(one.getKey(), one.getValue()));
            whole.path("required").forEach(required::add);
        }
        schema.put("type", "object");
        schema.remove("allOf");
    }
}
