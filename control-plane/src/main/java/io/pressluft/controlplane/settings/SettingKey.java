package io.pressluft.controlplane.settings;

import io.pressluft.controlplane.error.RequestException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Every setting there is. */
public enum SettingKey {
    PREVIEW_DOMAIN(
            SettingForm.TEXT,
            "(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}",
            "Domain below which new environments on nodes with a public address get their preview name; its wildcard"
                    + " must point to the nodes. Empty: sslip.io names."),
    GATEWAY_ADDRESS(
            SettingForm.TEXT,
            SettingForm.GATEWAY + "(," + SettingForm.GATEWAY + "){0,7}",
            "host:port that agents dial, or up to eight of them separated by commas, one for each replica; used when a node"
                    + " is provisioned. Empty: the address with which this host reaches the node, and the gateway's port."),
    DASHBOARD_ADDRESS(
            SettingForm.ADDRESS,
            "[\\x21-\\x7e&&[^?#]]{1,200}",
            "http or https address under which people reach this dashboard; alerts by e-mail link to it. Empty: they have"
                    + " no links."),
    ALERT_WEBHOOK_URL(
            SettingForm.URL,
            SettingForm.PRINTABLE,
            "http or https address to which alerts are posted as JSON, without user and password in it. Only scheme, host"
                    + " and port are shown once it is set. Empty: no webhook."),
    ALERT_WEBHOOK_SECRET(
            SettingForm.SECRET,
            "[\\x21-\\x7e]{16,256}",
            "16 to 256 printable ASCII characters with which posts to the webhook are signed. Empty: they are not"
                    + " signed."),
    ALERT_EMAIL_TO(
            SettingForm.TEXT,
            SettingForm.MAIL_ADDRESSES,
            "Up to ten e-mail addresses, with commas between them, to which alerts are sent. Empty: no e-mail."),
    SMTP_HOST(SettingForm.TEXT, SettingForm.HOST, "Name or address of the mail server. Empty: no e-mail."),
    SMTP_PORT(SettingForm.TEXT, SettingForm.PORT, "Port of the mail server. Empty: 587, with tls 465, with none 25."),
    SMTP_SECURITY(
            SettingForm.TEXT,
            "none|starttls|tls",
            "starttls, tls, or none: then message and password go over the network as they are. Empty: starttls."),
    SMTP_USER(SettingForm.TEXT, "[^\\p{Cc}\\p{Cs}]{1,255}", "Name for the mail server. Empty: no sign-in."),
    SMTP_PASSWORD(SettingForm.SECRET, "[^\\p{Cc}\\p{Cs}]{1,256}", "Password for the mail server."),
    SMTP_FROM(SettingForm.TEXT, SettingForm.MAIL_ADDRESS, "E-mail address that alerts come from. Empty: no e-mail.");

    private final SettingForm form;
    private final Pattern pattern;
    private final String description;

    SettingKey(SettingForm form, String pattern, String description) {
        this.form = form;
        this.pattern = Pattern.compile(pattern);
        this.description = description;
    }

    /** As the API writes it, e.g. {@code preview-domain}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether its value is sealed, and not shown to anybody once it is set. */
    public boolean secret() {
        return form.secret();
    }

    /** What may be shown of a value that fits: of an address where it leads, of another secret nothing. */
    String shown(String value) {
        return form.shown(value);
    }

    String description() {
        return description;
    }

    SettingGroup group() {
        return switch (this) {
            case PREVIEW_DOMAIN, GATEWAY_ADDRESS, DASHBOARD_ADDRESS -> SettingGroup.INSTANCE;
            case ALERT_WEBHOOK_URL,
                    ALERT_WEBHOOK_SECRET,
                    ALERT_EMAIL_TO,
                    SMTP_HOST,
                    SMTP_PORT,
                    SMTP_SECURITY,
                    SMTP_USER,
                    SMTP_PASSWORD,
                    SMTP_FROM -> SettingGroup.ALERTS;
        };
    }

    /** All values there are; empty when there are too many to list. */
    List<String> choices() {
        return this == SMTP_SECURITY ? List.of("starttls", "tls", "none") : List.of();
    }

    /** What somebody meant who entered this. Space around a password belongs to it. */
    String meant(String entered) {
        return form == SettingForm.SECRET ? entered : entered.strip();
    }

    boolean fits(String value) {
        return value.isEmpty() || (pattern.matcher(value).matches() && form.fits(value));
    }

    String refusal() {
        return "Does not fit the setting " + text() + ".";
    }

    /** The refusal does not repeat the value: it may be a secret. */
    void check(String value) {
        if (!fits(value)) {
            throw RequestException.invalid("value", refusal());
        }
    }

    static Optional<SettingKey> of(String text) {
        return Arrays.stream(values()).filter(key -> key.text().equals(text)).findFirst();
    }
}
