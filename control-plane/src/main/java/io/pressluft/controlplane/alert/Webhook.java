package io.pressluft.controlplane.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.settings.Instance;
import io.pressluft.controlplane.settings.SettingKey;
import io.pressluft.controlplane.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Posts messages as JSON to the address that the operator chose, and nowhere else: no redirect is followed. */
@Component
class Webhook implements Outlet {

    private final Settings settings;
    private final AlertSettings pace;
    private final Instance instance;
    private final JsonMapper json;
    private final Clock clock;
    private final HttpClient http;

    Webhook(Settings settings, AlertSettings pace, Instance instance, JsonMapper json, Clock clock) {
        this.settings = settings;
        this.pace = pace;
        this.instance = instance;
        this.json = json;
        this.clock = clock;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(pace.timeout())
                .build();
    }

    /** The body of a post. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Post(
            String id,
            String type,
            String instance,
            String text,
            @Nullable String incident,
            @Nullable String kind,
            @Nullable Instant since,
            @Nullable Instant openedAt,
            @Nullable Instant clearedAt,
            int count,
            List<Member> members) {}

    @Override
    public Channel channel() {
        return Channel.WEBHOOK;
    }

    @Override
    public boolean configured() {
        return settings.find(SettingKey.ALERT_WEBHOOK_URL).isPresent();
    }

    @Override
    public Outcome send(String delivery, Notice notice) throws InterruptedException {
        var url = settings.find(SettingKey.ALERT_WEBHOOK_URL);
        return url.isEmpty() ? Outlet.unset(channel()) : post(URI.create(url.get()), body(delivery, notice));
    }

    private byte[] body(String delivery, Notice notice) {
        return json.writeValueAsBytes(new Post(
                delivery,
                notice.type().text(),
                instance.id(),
                notice.text(),
                notice.incident(),
                notice.kind(),
                notice.since(),
                notice.openedAt(),
                notice.clearedAt(),
                notice.count(),
                notice.members()));
    }

    private Outcome post(URI url, byte[] body) throws InterruptedException {
        var request = HttpRequest.newBuilder(url)
                .timeout(pace.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "pressluft")
                .POST(BodyPublishers.ofByteArray(body));
        settings.find(SettingKey.ALERT_WEBHOOK_SECRET)
                .ifPresent(secret -> request.header(Signature.HEADER, Signature.of(secret, clock.instant(), body)));
        try {
            return judged(http.send(request.build(), BodyHandlers.ofInputStream()));
        } catch (SSLException e) {
            return new Outcome.Failed(ErrorCode.ALERT_TLS_FAILED, "The webhook's certificate is not trusted.");
        } catch (IOException e) {
            return new Outcome.Failed(
                    ErrorCode.ALERT_UNREACHABLE,
                    "The webhook did not answer (%s).".formatted(e.getClass().getSimpleName()));
        }
    }

    /** What it says beside the status is of no interest, however long it is. */
    private static Outcome judged(java.net.http.HttpResponse<java.io.InputStream> answer) throws IOException {
        answer.body().close();
        int status = answer.statusCode();
        return status >= 200 && status < 300
                ? new Outcome.Delivered()
                : new Outcome.Failed(ErrorCode.ALERT_REFUSED, "The webhook answered %d.".formatted(status));
    }
}
