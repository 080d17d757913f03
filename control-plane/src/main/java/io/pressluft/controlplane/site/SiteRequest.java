package io.pressluft.controlplane.site;

import io.pressluft.controlplane.error.FieldChecks;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of a request for a site, before it has been checked. */
public record SiteRequest(
        @Nullable String slug,
        @Nullable String title,
        @Nullable String nodeId,
        @Nullable String adminUser,
        @Nullable String adminEmail,
        @Nullable String locale) {

    private static final int LONGEST_TITLE = 200;
    /** WordPress takes nothing shorter. */
    private static final int SHORTEST_EMAIL = 6;

    private static final int LONGEST_EMAIL = 100;
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";
    private static final String EMAIL = "[A-Za-z0-9_%+-]+([.][A-Za-z0-9_%+-]+)*@" + LABEL + "([.]" + LABEL + ")+";
    private static final Set<String> RESERVED = Set.of(
            "admin",
            "api",
            "app",
            "dashboard",
            "ftp",
            "gateway",
            "health",
            "localhost",
            "login",
            "mail",
            "metrics",
            "pressluft",
            "root",
            "smtp",
            "status",
            "system",
            "test-pressluft",
            "www");

    /** @throws io.pressluft.controlplane.error.RequestException naming every field that is wrong */
    public NewSite checked() {
        var user = Objects.requireNonNullElse(adminUser, "admin");
        var email = Objects.requireNonNullElse(adminEmail, "admin@example.org");
        var language = Objects.requireNonNullElse(locale, "en_US");
        new FieldChecks()
                .require(
                        slug != null && slug.matches("[a-z][a-z0-9-]{0,38}[a-z0-9]") && !slug.contains("--"),
                        "slug",
                        "Lower-case letters, digits and single hyphens, 2 to 40, beginning with a letter.")
                .require(slug == null || !RESERVED.contains(slug), "slug", "This name is reserved.")
                .require(
                        title != null && readable(title),
                        "title",
                        "1 to 200 characters of which some can be seen, without any that control or turn the text.")
                .require(nodeId == null || nodeId.matches("node_[a-z0-9]{12}"), "nodeId", "Must be the id of a node.")
                .require(
                        user.matches("[a-z][a-z0-9._-]{2,59}"),
                        "adminUser",
                        "Lower-case letters, digits, dot, underscore, hyphen; 3 to 60.")
                .require(
                        email.length() >= SHORTEST_EMAIL && email.length() <= LONGEST_EMAIL && email.matches(EMAIL),
                        "adminEmail",
                        "Must be an e-mail address.")
                .require(language.equals("en_US"), "locale", "Must be en_US; other languages come later.")
                .done();
        return new NewSite(String.valueOf(slug), String.valueOf(title).strip(), nodeId, user, email, language);
    }

    private static boolean readable(String title) {
        return !title.isBlank()
                && title.codePointCount(0, title.length()) <= LONGEST_TITLE
                && title.codePoints().noneMatch(SiteRequest::unreadable)
                && title.codePoints().anyMatch(SiteRequest::visible);
    }

    private static boolean visible(int codePoint) {
        return Character.getType(codePoint) != Character.FORMAT
                && !Character.isWhitespace(codePoint)
                && !Character.isSpaceChar(codePoint);
    }

    private static boolean unreadable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> turns(codePoint);
        };
    }

    /** Embeddings, overrides and isolates: with them a title could reorder what is written around it. */
    private static boolean turns(int codePoint) {
        return (codePoint >= 0x202a && codePoint <= 0x202e) || (codePoint >= 0x2066 && codePoint <= 0x2069);
    }
}
