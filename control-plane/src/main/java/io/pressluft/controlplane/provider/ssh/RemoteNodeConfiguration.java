package io.pressluft.controlplane.provider.ssh;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Offers existing servers as nodes. */
@Configuration(proxyBeanMethods = false)
class RemoteNodeConfiguration {

    @Bean
    SshProvider sshProvider(
            @Value("${pressluft.ssh.key-wait:15m}") Duration keyWait,
            @Value("${pressluft.ssh.key-poll:8s}") Duration keyPoll) {
        return new SshProvider(new SshSettings(keyWait, keyPoll, Path.of("/etc/machine-id")), ServerAddress::refused);
    }
}
