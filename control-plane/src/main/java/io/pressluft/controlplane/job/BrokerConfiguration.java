package io.pressluft.controlplane.job;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How the control plane meets a Redis that is away: it goes on at once, for PostgreSQL has everything. */
@Configuration(proxyBeanMethods = false)
class BrokerConfiguration {

    @Bean
    LettuceClientOptionsBuilderCustomizer refuseWhileDisconnected() {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS);
    }
}
