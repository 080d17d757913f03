package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.settings.SettingKey;
import io.pressluft.controlplane.settings.Settings;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.mail.MailAuthenticationException;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;

/** Sends messages as e-mail over the operator's mail server. */
@Component
class Email implements Outlet {

    private final Settings settings;
    private final AlertSettings pace;
    private final Origin origin;
    private final Clock clock;

    Email(Settings settings, AlertSettings pace, Origin origin, Clock clock) {
        this.settings = settings;
        this.pace = pace;
        this.origin = origin;
        this.clock = clock;
    }

    /** From whom to whom over which server. */
    private record Way(String host, String from, List<String> to) {}

    @Override
    public Channel channel() {
        return Channel.EMAIL;
    }

    @Override
    public boolean configured() {
        return way().isPresent();
    }

    private Optional<Way> way() {
        var host = settings.find(SettingKey.SMTP_HOST);
        var from = settings.find(SettingKey.SMTP_FROM);
        var to = settings.find(SettingKey.ALERT_EMAIL_TO);
        return host.isEmpty() || from.isEmpty() || to.isEmpty()
                ? Optional.empty()
                : Optional.of(new Way(host.get(), from.get(), List.of(to.get().split(" *, *"))));
    }

    @Override
    public Outcome send(String delivery, Notice notice) {
        return way().map(way -> send(way, delivery, notice)).orElseGet(() -> Outlet.unset(channel()));
    }

    private Outcome send(Way way, String delivery, Notice notice) {
        try {
            var sender = sender(way.host());
            sender.send(message(sender.createMimeMessage(), way, delivery, notice));
            return new Outcome.Delivered();
        } catch (MailAuthenticationException e) {
            return new Outcome.Failed(ErrorCode.ALERT_SIGN_IN_FAILED, "The mail server refused user and password.");
        } catch (MailException e) {
            return failed(e);
        } catch (MessagingException e) {
            throw new IllegalStateException("a mail could not be written", e);
        }
    }

    private MimeMessage message(MimeMessage mail, Way way, String delivery, Notice notice) throws MessagingException {
        var writer = new MimeMessageHelper(mail, StandardCharsets.UTF_8.name());
        writer.setFrom(way.from());
        writer.setTo(way.to().toArray(String[]::new));
        writer.setSubject(Sentences.subject(notice, origin.host()));
        writer.setSentDate(Date.from(clock.instant()));
        writer.setText(text(notice));
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setHeader("Pressluft-Delivery", delivery);
        return mail;
    }

    private String text(Notice notice) {
        var text = new StringBuilder(notice.text());
        var kind = notice.kind() == null ? null : IncidentKind.of(notice.kind());
        if (kind != null && notice.type() != Notice.Type.CLEARED) {
            text.append("\n\n").append(Sentences.advice(kind));
        }
        origin.page(kind == null ? "/alerts" : kind.path())
                .ifPresent(page -> text.append("\n\n").append(page));
        text.append("\n\n-- \nPressluft on %s, instance %s".formatted(origin.host(), origin.instance()));
        if (notice.incident() != null) {
            text.append(", incident ").append(notice.incident());
        }
        return text.append('\n').toString();
    }

    private JavaMailSenderImpl sender(String host) {
        var security = settings.find(SettingKey.SMTP_SECURITY).orElse("starttls");
        var sender = new JavaMailSenderImpl();
        sender.setHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        sender.setPort(settings.find(SettingKey.SMTP_PORT).map(Integer::valueOf).orElse(usualPort(security)));
        sender.setDefaultEncoding(StandardCharsets.UTF_8.name());
        var properties = sender.getJavaMailProperties();
        for (var limit : List.of("connectiontimeout", "timeout", "writetimeout")) {
            properties.put("mail.smtp." + limit, Long.toString(pace.timeout().toMillis()));
        }
        // Without it nobody gets a message of which one recipient is refused.
        properties.put("mail.smtp.sendpartial", "true");
        properties.put("mail.smtp.ssl.enable", Boolean.toString(security.equals("tls")));
        properties.put("mail.smtp.starttls.enable", Boolean.toString(security.equals("starttls")));
        // Without it a server, or somebody before it, could talk the connection out of TLS.
        properties.put("mail.smtp.starttls.required", Boolean.toString(security.equals("starttls")));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        settings.find(SettingKey.SMTP_USER).ifPresent(user -> {
            properties.put("mail.smtp.auth", "true");
            sender.setUsername(user);
            sender.setPassword(settings.find(SettingKey.SMTP_PASSWORD).orElse(""));
        });
        return sender;
    }

    private static int usualPort(String security) {
        return switch (security) {
            case "none" -> 25;
            case "tls" -> 465;
            default -> 587;
        };
    }

    private static Outcome failed(MailException failure) {
        if (failure instanceof MailSendException sending) {
            for (var one : sending.getMessageExceptions()) {
                var outcome = one instanceof SendFailedException some && taken(some) ? toSome(some) : ofConnection(one);
                if (outcome != null) {
                    return outcome;
                }
            }
        }
        var outcome = ofConnection(failure);
        return outcome != null
                ? outcome
                : new Outcome.Failed(ErrorCode.ALERT_REFUSED, "The mail server did not take the message.");
    }

    private static boolean taken(SendFailedException some) {
        return some.getValidSentAddresses() != null && some.getValidSentAddresses().length > 0;
    }

    private static Outcome toSome(SendFailedException some) {
        var refused = Stream.of(some.getInvalidAddresses(), some.getValidUnsentAddresses())
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .map(Object::toString)
                .toList();
        int all = some.getValidSentAddresses().length + refused.size();
        return new Outcome.DeliveredToSome("The mail server refused %d of %d recipients: %s."
                .formatted(refused.size(), all, String.join(", ", refused)));
    }

    /** Faults of the network and of TLS are somewhere below the first exception. */
    private static @Nullable Outcome ofConnection(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return new Outcome.Failed(
                        ErrorCode.ALERT_TLS_FAILED,
                        "The mail server's certificate is not trusted, or it speaks no TLS.");
            }
            if (cause instanceof IOException) {
                return new Outcome.Failed(
                        ErrorCode.ALERT_UNREACHABLE,
                        "The mail server did not answer (%s)."
                                .formatted(cause.getClass().getSimpleName()));
            }
        }
        return null;
    }
}
