package io.pressluft.controlplane.provider;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Collects the providers that packages below contribute. */
@Configuration(proxyBeanMethods = false)
class ProviderConfiguration {

    @Bean
    NodeProviders nodeProviders(List<NodeProvider> providers) {
        return new NodeProviders(providers);
    }
}
