package io.pressluft.controlplane.web;

import io.pressluft.controlplane.node.AgentRelease;
import io.pressluft.controlplane.settings.Instance;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StatusApi {

    private final Instance instance;
    private final AgentRelease release;
    private final JdbcClient jdbc;
    private final StringRedisTemplate redis;

    StatusApi(Instance instance, AgentRelease release, JdbcClient jdbc, StringRedisTemplate redis) {
        this.instance = instance;
        this.release = release;
        this.jdbc = jdbc;
        this.redis = redis;
    }

    record Status(String version, String instance, int previewPort, String database, String broker) {}

    @GetMapping("/api/status")
    Status status() {
        return new Status(
                release.version(),
                instance.id(),
                instance.previewPort(),
                up(() -> jdbc.sql("SELECT 1").query(Integer.class).single()),
                up(() -> redis.hasKey("pressluft:status")));
    }

    private static String up(Runnable look) {
        try {
            look.run();
            return "up";
        } catch (DataAccessException down) {
            return "down";
        }
    }
}
