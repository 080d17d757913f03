package io.pressluft.protocol.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Masks secrets in what tools print: steps that handle them say nothing at all, and this is for the tool that says more
 * than it should. A masked text is as long as it was, so that offsets into a log stay what they are.
 */
public final class Redaction {

    /** The end of a name. What may stand before it is not looked for, which a text could make slow. */
    private static final String NAME = "(?:password|passwd|passphrase|requirepass|secret|token|api_?key|_key|_salt)";

    /** Each has the secret in its group {@code s}. Every repetition is bounded, so that no text takes long. */
    private static final List<Pattern> SECRETS = List.of(
            Pattern.compile(
                    "-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?<s>.*?)(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\\z)",
                    Pattern.DOTALL),
            Pattern.compile("://[^\\s/:@]{1,200}:(?<s>[^\\s/@]{1,500})@"),
            Pattern.compile(
                    "(?i)\\bauthorization[\"']?\\s{0,5}[:=]\\s{0,5}[\"']?(?:[a-z]{1,20} )?(?<s>[^\\s\"']{1,4000})"),
            Pattern.compile("(?i)\\bidentified [a-z0-9_ ]{1,80}'(?<s>[^'\\n]{1,4000})'"),
            Pattern.compile("(?i)\\bsetuser [^\\n]{0,200}?[ \"'][>#](?<s>[^\\s\"']{1,4000})"),
            Pattern.compile("(?i)\\bdefine\\(\\s{0,5}['\"][a-z0-9_-]{0,40}" + NAME
                    + "['\"]\\s{0,5},\\s{0,5}'(?<s>[^'\\n]{1,4000})'"),
            Pattern.compile("(?i)" + NAME + "[\"']?\\s{0,5}(?:=>|[:=])\\s{0,5}\"(?<s>[^\"\\n]{1,4000})"),
            Pattern.compile("(?i)" + NAME + "[\"']?\\s{0,5}(?:=>|[:=])\\s{0,5}'(?<s>[^'\\n]{1,4000})"),
            Pattern.compile("(?i)" + NAME + "[\"']?\\s{0,5}(?:=>|[:=])\\s{0,5}(?<s>[^\\s\"',;{}()\\[\\]]{1,4000})"));

    private Redaction() {}

    /** The text with an asterisk for each character of a secret. */
    public static String of(CharSequence text) {
        var masked = new StringBuilder(text);
        for (var secret : SECRETS) {
            var found = secret.matcher(text);
            while (found.find()) {
                for (int at = found.start("s"); at < found.end("s"); at++) {
                    masked.setCharAt(at, '*');
                }
            }
        }
        return masked.toString();
    }

    /** The same for encoded text, byte by byte. */
    public static byte[] of(byte[] text) {
        return of(new String(text, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
