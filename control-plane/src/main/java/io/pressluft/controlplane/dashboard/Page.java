package io.pressluft.controlplane.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A page that is about to be rendered: its template and what the template is told. */
public final class Page {

    private static final int OK = 200;

    private final @Nullable Section section;
    private final String title;
    private final String template;
    private final Map<String, @Nullable Object> model = new LinkedHashMap<>();
    private int status = OK;

    private Page(@Nullable Section section, String title, String template) {
        this.section = section;
        this.title = title;
        this.template = template;
    }

    /** @param template path below {@code src/main/jte}, without its ending */
    public static Page of(Section section, String title, String template) {
        return new Page(section, title, template);
    }

    /** A page that belongs to no entry of the navigation. */
    public static Page bare(String title, String template) {
        return new Page(null, title, template);
    }

    /** Tells the template {@code value} as its parameter {@code name}. */
    public Page with(String name, @Nullable Object value) {
        model.put(name, value);
        return this;
    }

    public Page status(int code) {
        status = code;
        return this;
    }

    @Nullable
    Section section() {
        return section;
    }

    String title() {
        return title;
    }

    String template() {
        return template + ".jte";
    }

    int status() {
        return status;
    }

    Map<String, @Nullable Object> model() {
        return model;
    }
}
