package io.pressluft.controlplane.provider.nspawn;

import static org.assertj.core.api.Assertions.assertThat;

import io.pressluft.controlplane.provider.NodeProviders;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

class LocalNodeConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void local_nodes_are_offered_by_name_whatever_this_host_can_do() {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "test", Map.of("pressluft.local-nodes.data-directory", directory.toString())));
            context.scan("io.pressluft.controlplane.provider");
            context.refresh();

            assertThat(context.getBean(NodeProviders.class).require("nspawn"))
                    .isSameAs(context.getBean(NspawnProvider.class));
            NspawnSettings settings = context.getBean(LocalNodeProperties.class).settings();
            assertThat(settings.dataDirectory()).isEqualTo(directory);
            assertThat(settings.cacheDirectory()).isEqualTo(directory.resolve("cache"));
            assertThat(settings.instanceId()).matches("[0-9a-f]{8}");
        }
    }
}
