package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.settings.Instance;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Offers local nodes. On a host that cannot run them the provider exists too, and says what is missing when asked. */
@Configuration(proxyBeanMethods = false)
class LocalNodeConfiguration {

    private static final Logger log = LoggerFactory.getLogger(LocalNodeConfiguration.class);

    @Bean
    NspawnProvider nspawnProvider(
            Instance instance, @Value("${pressluft.local-nodes.resolvers:}") List<String> resolvers) {
        var provider = new NspawnProvider(settings(instance, resolvers));
        try {
            provider.requireAvailable();
            provider.sweep();
        } catch (ProviderException e) {
            log.info("provider=nspawn available=false code={} reason=\"{}\"", e.code(), e.getMessage());
        }
        return provider;
    }

    private static NspawnSettings settings(Instance instance, List<String> resolvers) {
        return new NspawnSettings(
                instance.id(), instance.dataDirectory(), instance.cacheDirectory(), resolvers, instance.ephemeral());
    }
}
