package io.pressluft.controlplane.provider.nspawn;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One archive of packages as apt knows it.
 *
 * @param signedBy a key file, an inline key over several lines as deb822 writes it, or empty for apt's trusted keys
 */
record AptSource(List<String> uris, List<String> suites, List<String> components, String signedBy, boolean trusted) {

    AptSource {
        uris = List.copyOf(uris);
        suites = List.copyOf(suites);
        components = List.copyOf(components);
    }

    boolean keyIsFile() {
        return signedBy.startsWith("/");
    }

    AptSource withUris(List<String> others) {
        return new AptSource(others, suites, components, signedBy, trusted);
    }

    AptSource withSuites(List<String> others) {
        return new AptSource(uris, others, components, signedBy, trusted);
    }

    /** As a paragraph of a {@code .sources} file. */
    String paragraph() {
        StringBuilder text = new StringBuilder("Types: deb\n")
                .append("URIs: ")
                .append(String.join(" ", uris))
                .append('\n')
                .append("Suites: ")
                .append(String.join(" ", suites))
                .append('\n')
                .append("Components: ")
                .append(String.join(" ", components))
                .append('\n');
        if (!signedBy.isEmpty()) {
            text.append("Signed-By:")
                    .append(signedBy.startsWith("\n") ? "" : " ")
                    .append(signedBy)
                    .append('\n');
        }
        if (trusted) {
            text.append("Trusted: yes\n");
        }
        return text.toString();
    }

    static String file(List<AptSource> sources) {
        return sources.stream().map(AptSource::paragraph).collect(Collectors.joining("\n"));
    }
}
