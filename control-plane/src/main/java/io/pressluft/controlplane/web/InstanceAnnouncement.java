package io.pressluft.controlplane.web;

import io.pressluft.controlplane.account.Accounts;
import io.pressluft.controlplane.account.ApiTokens;
import io.pressluft.controlplane.settings.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.LinkedHashMap;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Tells the CLI on this machine where the control plane is and lets it in; makes the first user. */
@Component
class InstanceAnnouncement {

    private final Instance instance;
    private final Accounts accounts;
    private final ApiTokens tokens;
    private final JsonMapper json;
    private final Clock clock;

    InstanceAnnouncement(Instance instance, Accounts accounts, ApiTokens tokens, JsonMapper json, Clock clock) {
        this.instance = instance;
        this.accounts = accounts;
        this.tokens = tokens;
        this.json = json;
        this.clock = clock;
    }

    @EventListener
    void ready(ApplicationReadyEvent event) throws IOException {
        // The one place where the password appears; standard output is not the log.
        accounts.createFirst()
                .ifPresent(password -> System.out.println("PRESSLUFT_ADMIN_PASSWORD user=admin password=" + password));
        var token = instance.dataDirectory().resolve("operator.token");
        if (!Files.exists(token)) {
            write(token, tokens.create("admin", "operator of this machine").token() + "\n");
        }
        var about = new LinkedHashMap<String, Object>();
        about.put("instance", instance.id());
        about.put("url", instance.url());
        about.put("gatewayPort", instance.gatewayPort());
        about.put("previewPort", instance.previewPort());
        about.put("pid", ProcessHandle.current().pid());
        about.put("startedAt", clock.instant().toString());
        write(file(), json.writeValueAsString(about));
    }

    @EventListener
    void closing(ContextClosedEvent event) throws IOException {
        Files.deleteIfExists(file());
    }

    private Path file() {
        return instance.dataDirectory().resolve("instance.json");
    }

    private static void write(Path file, String text) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
