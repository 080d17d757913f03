package io.pressluft.e2e;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What HTML says once it is read as a browser reads it. */
final class Pages {

    private static final Pattern TITLE = Pattern.compile("<title>(.*?)</title>", Pattern.DOTALL);
    private static final Pattern ENTITY = Pattern.compile("&(#[0-9]+|#x[0-9a-fA-F]+|lt|gt|quot|apos|amp);");
    private static final Map<String, String> NAMED =
            Map.of("lt", "<", "gt", ">", "quot", "\"", "apos", "'", "amp", "&");

    private Pages() {}

    /** The text of the page's title. */
    static String title(String html) {
        var title = TITLE.matcher(html);
        return title.find() ? unescape(title.group(1)).strip() : "";
    }

    static String unescape(String html) {
        return ENTITY.matcher(html).replaceAll(match -> java.util.regex.Matcher.quoteReplacement(character(match)));
    }

    private static String character(MatchResult entity) {
        var name = entity.group(1);
        if (name.startsWith("#x")) {
            return Character.toString(Integer.parseInt(name.substring(2), 16));
        }
        return name.startsWith("#") ? Character.toString(Integer.parseInt(name.substring(1))) : NAMED.get(name);
    }

    /** WordPress sets titles with typographic quotes and dashes; this takes that back. */
    static String plain(String text) {
        return text.replaceAll("[\u2018\u2019\u201a\u2032]", "'")
                .replaceAll("[\u201c\u201d\u201e\u2033]", "\"")
                .replace("\u2013", "--")
                .replace("\u2014", "--")
                .replace("\u2026", "...");
    }
}
