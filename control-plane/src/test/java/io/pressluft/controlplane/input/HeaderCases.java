package io.pressluft.controlplane.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hostile headers on requests that nothing else is wrong with. */
final class HeaderCases {

    private final World world;

    HeaderCases(World world) {
        this.world = world;
    }

    private static Map<String, String> values() {
        var all = new LinkedHashMap<String, String>();
        all.put("a space inside", "a b");
        all.put("a tab inside", "a\tb");
        all.put("a control character", "a\u0001b");
        all.put("NUL", "a\0b");
        all.put("delete", "a\u007fb");
        all.put("Latin-1", "\u00e4");
        all.put("C1", "a\u009bb");
        all.put("UTF-8", "\u00e2\u0082\u00ac");
        all.put("broken UTF-8", "\u00ff\u00fe");
        all.put("101 letters", "k".repeat(101));
        all.put("8,000 letters", "k".repeat(8_000));
        all.put("20,000 letters", "k".repeat(20_000));
        all.put("nothing", "");
        return all;
    }

    List<Case> idempotencyKeys(Operation operation) {
        var legal = world.legal(operation);
        var all = new ArrayList<Case>();
        if (!operation.inputs("header").stream().anyMatch(input -> input.name().equals("Idempotency-Key"))) {
            return all;
        }
        values().forEach((name, value) ->
                all.add(Case.of(operation, "Idempotency-Key is " + name, legal.with("Idempotency-Key", value))));
        all.add(Case.of(
                operation,
                "two Idempotency-Keys",
                legal.with("Idempotency-Key", "a").adding("Idempotency-Key: b")));
        return all;
    }

    List<Case> tokens(Operation operation) {
        var legal = world.legal(operation).without("Authorization");
        var all = new ArrayList<Case>();
        if (operation.id().equals("getHealth")) {
            return all;
        }
        values().forEach((name, value) -> {
            all.add(Case.of(operation, "token is " + name, legal.with("Authorization", "Bearer " + value)));
            all.add(Case.of(
                    operation, "token begins well, then " + name, legal.with("Authorization", "Bearer plft_" + value)));
        });
        for (var scheme : List.of(
                "Basic YWRtaW46YWRtaW4=", "Basic !!!", "Digest username=\"admin\"", "bearer", "Negotiate", "plft_0")) {
            all.add(Case.of(operation, "Authorization " + scheme, legal.with("Authorization", scheme)));
        }
        all.add(Case.of(operation, "no token", legal));
        return all;
    }

    List<Case> cookies(Operation operation) {
        var legal = world.legal(operation).without("Authorization");
        var all = new ArrayList<Case>();
        if (operation.id().equals("getHealth")) {
            return all;
        }
        for (var value : List.of(
                "",
                "AA==",
                "AAAAAAAA",
                "YQBi",
                "////",
                "gICA",
                "JyBPUiAnMSc9JzE=",
                "not base64",
                "x".repeat(4_000),
                "\u00ff",
                "\"",
                "\"\\\"",
                "a=b=c",
                "Li4vLi4vZXRjL3Bhc3N3ZA==",
                "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw")) {
            all.add(Case.of(
                    operation,
                    "session " + value.substring(0, Math.min(value.length(), 40)),
                    legal.with("Cookie", "pressluft_session=" + value)));
        }
        all.add(Case.of(
                operation,
                "two sessions",
                legal.with("Cookie", "pressluft_session=AA==; pressluft_session=AB==")
                        .with("X-CSRF-TOKEN", "\u00ff")));
        return all;
    }

    /** What nobody can be given. */
    List<Case> accepts(Operation operation) {
        var all = new ArrayList<Case>();
        if (!operation.api() || List.of("getJobLog", "deleteToken").contains(operation.id())) {
            return all;
        }
        for (var type :
                List.of("image/png", "application/xml", "text/html", "nonsense", "/", "*/", "a/b;q=x", "${x}/y")) {
            all.add(Case.of(operation, "Accept " + type, world.legal(operation).with("Accept", type)));
        }
        return all;
    }
}
