package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Offers local nodes. On a host that cannot run them the provider exists too, and says what is missing when asked. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LocalNodeProperties.class)
class LocalNodeConfiguration {

    private static final Logger log = LoggerFactory.getLogger(LocalNodeConfiguration.class);

    @Bean
    NspawnProvider nspawnProvider(LocalNodeProperties properties, ObjectProvider<Clock> clock) {
        NspawnProvider provider = new NspawnProvider(properties.settings(), clock.getIfAvailable(Clock::systemUTC));
        try {
            provider.requireAvailable();
            provider.sweep();
        } catch (ProviderException e) {
            log.info("provider=nspawn available=false code={} reason=\"{}\"", e.code(), e.getMessage());
        }
        return provider;
    }
}
