package io.pressluft.controlplane.provider;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The providers of this installation. A request names one; there is no default and no fallback to another. */
public final class NodeProviders {

    private final Map<String, NodeProvider> byName = new TreeMap<>();

    public NodeProviders(List<NodeProvider> providers) {
        for (NodeProvider provider : providers) {
            if (byName.putIfAbsent(provider.name(), provider) != null) {
                throw new IllegalArgumentException("two providers are called " + provider.name());
            }
        }
    }

    /**
     * The provider of this name.
     *
     * @throws ProviderException {@code provider_unknown}, naming those that exist
     */
    public NodeProvider require(String name) {
        NodeProvider provider = byName.get(name);
        if (provider == null) {
            throw new ProviderException(
                    "provider_unknown",
                    "There is no node provider called %s.".formatted(name),
                    "Use one of: %s.".formatted(String.join(", ", byName.keySet())));
        }
        return provider;
    }

    public List<NodeProvider> all() {
        return List.copyOf(byName.values());
    }
}
