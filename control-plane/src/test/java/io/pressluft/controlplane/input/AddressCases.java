package io.pressluft.controlplane.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What can be wrong with the address: its segments, its parameters, and the method it is asked with. */
final class AddressCases {

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT");

    private static final Pattern UNDECODABLE = Pattern.compile("%(?![0-9a-fA-F]{2})|%ff|%ed%[ab]0");

    private final World world;

    AddressCases(World world) {
        this.world = world;
    }

    /** Every part of the path that a caller fills in, times every segment; none of them is anything's id. */
    List<Case> segments(Operation operation) {
        var all = new ArrayList<Case>();
        for (var input : operation.inputs("path")) {
            Hostile.segments()
                    .forEach((name, segment) -> all.add(Case.of(
                            operation,
                            input.name() + " is " + name,
                            world.addressed(operation, operation.path().replace("{" + input.name() + "}", segment)))));
            for (var other : List.of("nodeId", "siteId", "environmentId", "jobId", "tokenId", "settingKey")) {
                if (!other.equals(input.name())) {
                    all.add(Case.of(
                            operation,
                            input.name() + " is the id of another kind: " + other,
                            world.addressed(
                                    operation, operation.path().replace("{" + input.name() + "}", world.id(other)))));
                }
            }
        }
        return all;
    }

    /** Detours to the address. */
    List<Case> detours(Operation operation) {
        if (!operation.api()) {
            return List.of();
        }
        var path = world.filled(operation);
        var detours = new TreeMap<String, String>();
        detours.put("a slash at the end", path + "/");
        detours.put("a doubled slash", "/" + path);
        detours.put("a way up and back", "/api/.." + path);
        detours.put("an encoded way up and back", "/api/%2e%2e" + path);
        detours.put("a dot", "/." + path);
        detours.put("a path parameter", "/;x=y" + path);
        detours.put("a parameter at the end", path + ";x=y");
        detours.put("a suffix", path + ".json");
        detours.put("NUL at the end", path + "%00");
        detours.put("an encoded slash", path.replaceFirst("(.)/", "$1%2f") + "%2f");
        detours.put("double encoding", "/%2561pi" + path.replaceFirst("/api", ""));
        detours.put("upper case", path.toUpperCase(java.util.Locale.ROOT));
        var all = new ArrayList<Case>();
        detours.forEach((name, target) -> all.add(Case.of(operation, name, world.addressed(operation, target))));
        return all;
    }

    /** Every method that the contract does not have at this address. */
    List<Case> methods(Operation operation, List<Operation> contract) {
        var path = operation.path();
        var all = new ArrayList<Case>();
        for (var method : METHODS) {
            if (contract.stream()
                    .noneMatch(one -> one.path().equals(path) && one.method().equals(method))) {
                all.add(Case.of(
                        operation, method + " instead", world.legal(operation).method(method)));
            }
        }
        for (var method : List.of("get", "PROPFIND", "FOO", "G\u00cbT", "<script>", "GET'", "M".repeat(300))) {
            all.add(Case.of(
                    operation, "method " + method, world.legal(operation).method(method)));
        }
        return all;
    }

    /** Every parameter of the query times every value that the contract does not allow, and what is no parameter. */
    List<Case> queries(Operation operation) {
        var all = new ArrayList<Case>();
        for (var input : operation.inputs("query")) {
            var values = new TreeMap<String, String>();
            Hostile.texts().forEach((name, text) -> {
                if (text.length() < 2_000 && !input.allowsParameter(text)) {
                    values.put(name, Request.encoded(text));
                }
            });
            values.putAll(Map.of("broken UTF-8", "%ff", "half an escape", "%", "no escape", "%zz"));
            values.forEach((name, value) -> all.add(query(operation, input.name(), name, input.name() + "=" + value)));
            all.add(query(operation, input.name(), "not given a value", input.name()));
            all.add(query(operation, input.name(), "there twice", legalTwice(input)));
            all.add(query(operation, input.name() + "[]", "unknown", input.name() + "%5B%5D=1"));
        }
        if (operation.api()) {
            all.add(query(operation, "colour", "unknown", "colour=1"));
            all.add(query(operation, "_method", "unknown", "_method=DELETE"));
            all.add(query(operation, "<script>", "unknown", "%3Cscript%3E=1"));
            all.add(Case.of(
                    operation,
                    "an unknown parameter of NUL",
                    world.legal(operation).query("a%00=1")));
        }
        return all;
    }

    private Case query(Operation operation, String field, String what, String query) {
        var request = world.legal(operation).query(query);
        // An address that cannot be decoded is refused before anything knows its parameters.
        return UNDECODABLE.matcher(query).find()
                ? Case.of(operation, field + " is " + what, request)
                : Case.naming(operation, field, what, request);
    }

    private static String legalTwice(Operation.Input input) {
        for (var value : List.of("5", "true", "node_doesnotexist", "site_doesnotexist", "failed")) {
            if (input.allowsParameter(value)) {
                return input.name() + "=" + value + "&" + input.name() + "=" + value;
            }
        }
        throw new IllegalStateException("no legal value is known for " + input.name());
    }
}
