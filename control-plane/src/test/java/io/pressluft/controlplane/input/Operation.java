package io.pressluft.controlplane.input;

import io.pressluft.controlplane.web.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * One operation of the contract with everything that a caller may fill in.
 *
 * @param fields of the body, by name; empty when there is none
 */
record Operation(
        String id, String method, String path, List<Input> inputs, Map<String, Input> fields, List<String> required) {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A parameter or field; its schema says which values are legal. */
    record Input(Contract contract, String in, String name, JsonNode schema) {

        boolean allows(String text) {
            return allows(StringNode.valueOf(text));
        }

        boolean allows(JsonNode value) {
            return contract.objections(schema, value).isEmpty();
        }

        boolean allowsJson(String json) {
            try {
                var value = JSON.readTree(json);
                return !value.isMissingNode() && allows(value);
            } catch (JacksonException none) {
                return false;
            }
        }

        /** Whether the text of a query or header stands for a legal value. */
        boolean allowsParameter(String text) {
            return switch (contract.resolved(schema).path("type").asString("")) {
                case "integer" -> text.matches("-?[0-9]{1,9}") && allowsJson(text);
                case "boolean" -> text.equals("true") || text.equals("false");
                default -> allows(text);
            };
        }
    }

    boolean api() {
        return path.startsWith("/api/");
    }

    boolean hasBody() {
        return !fields.isEmpty();
    }

    List<Input> inputs(String in) {
        return inputs.stream().filter(input -> input.in().equals(in)).toList();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }

    /** All that the contract has. In tests the scripted provider stands where the real ones are. */
    static List<Operation> all() {
        var contract = new Contract();
        exact(contract.document());
        ((ObjectNode) contract.document().at("/components/schemas/NodeRequest/properties/provider"))
                .putArray("enum")
                .add("scripted");
        var all = new ArrayList<Operation>();
        contract.document()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> all.add(of(
                                contract, path.getKey(), path.getValue(), operation.getKey(), operation.getValue()))));
        return all;
    }

    private static Operation of(Contract contract, String path, JsonNode around, String method, JsonNode operation) {
        var inputs = new ArrayList<Input>();
        for (var holder : List.of(around.path("parameters"), operation.path("parameters"))) {
            for (var reference : holder) {
                var parameter = contract.resolved(reference);
                inputs.add(input(contract, parameter, text(parameter, "in"), text(parameter, "name")));
            }
        }
        var body = body(contract, operation);
        var fields = new TreeMap<String, Input>();
        var required = new ArrayList<String>();
        if (body != null) {
            body.path("properties")
                    .properties()
                    .forEach(field ->
                            fields.put(field.getKey(), new Input(contract, "body", field.getKey(), field.getValue())));
            body.path("required").forEach(name -> required.add(name.asString("")));
        }
        return new Operation(
                text(operation, "operationId"),
                method.toUpperCase(Locale.ROOT),
                path,
                List.copyOf(inputs),
                fields,
                required.stream().sorted().toList());
    }

    private static @Nullable JsonNode body(Contract contract, JsonNode operation) {
        var schema = operation.at("/requestBody/content/application~1json/schema");
        return schema.isMissingNode() ? null : contract.resolved(schema);
    }

    private static Input input(Contract contract, JsonNode parameter, String in, String name) {
        return new Input(contract, in, name, parameter.path("schema"));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    /** In Java, $ also matches before a line feed at the end; in a contract it does not. */
    private static void exact(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("pattern").isString()) {
            object.put("pattern", object.path("pattern").asString("").replaceFirst("\\$$", "\\\\z"));
        }
        node.forEach(Operation::exact);
    }
}
