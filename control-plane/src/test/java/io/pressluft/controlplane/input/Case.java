package io.pressluft.controlplane.input;

import java.util.regex.Pattern;

/**
 * One hostile request that has to be refused.
 *
 * @param field that the answer has to name in its details; empty where no field is to blame
 */
record Case(String name, Request request, String field) {

    private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

    Case {
        name = printable(name);
    }

    /** As a report can hold it. */
    static String printable(String name) {
        return UNPRINTABLE.matcher(name).replaceAll("?");
    }

    static Case of(Operation operation, String what, Request request) {
        return new Case(operation + ": " + what, request, "");
    }

    static Case naming(Operation operation, String field, String what, Request request) {
        return new Case(operation + ": " + field + " is " + what, request, field);
    }
}
