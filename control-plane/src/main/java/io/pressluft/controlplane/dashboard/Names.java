package io.pressluft.controlplane.dashboard;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What people call the things of all features. */
@Component
public final class Names {

    private final ObjectProvider<NameSource> sources;

    Names(ObjectProvider<NameSource> sources) {
        this.sources = sources;
    }

    /** Names by id; an id that nobody knows is missing. */
    public Map<String, String> of(Stream<String> ids) {
        var wanted = ids.collect(Collectors.toSet());
        var known = new HashMap<String, String>();
        if (!wanted.isEmpty()) {
            sources.forEach(source -> known.putAll(source.names(wanted)));
        }
        return Map.copyOf(known);
    }
}
