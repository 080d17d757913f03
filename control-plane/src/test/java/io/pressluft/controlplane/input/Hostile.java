package io.pressluft.controlplane.input;

import java.util.LinkedHashMap;
import java.util.Map;

/** The catalogue of hostile values. Names are for people; values go out as they are. */
final class Hostile {

    private Hostile() {}

    /** Texts, for every place that takes one. */
    static Map<String, String> texts() {
        var all = new LinkedHashMap<String, String>();
        lengths(all);
        invisible(all);
        lookAlikes(all);
        syntax(all);
        paths(all);
        words(all);
        return all;
    }

    /** Those that tell most, for places where a request takes longer. */
    static Map<String, String> sharpest() {
        var all = new LinkedHashMap<String, String>();
        invisible(all);
        syntax(all);
        all.put("empty", "");
        all.put("30,000 letters", "a".repeat(30_000));
        return all;
    }

    /** Texts with characters that cannot be seen. */
    static Map<String, String> unseen() {
        var all = new LinkedHashMap<String, String>();
        invisible(all);
        return all;
    }

    private static void lengths(Map<String, String> all) {
        all.put("empty", "");
        all.put("blank", "   ");
        all.put("blank Unicode", "\u00a0\u2003\u3000");
        all.put("41 letters", "a".repeat(41));
        all.put("201 letters", "a".repeat(201));
        all.put("1001 letters", "a".repeat(1001));
        all.put("30,000 letters", "a".repeat(30_000));
        all.put("20,000 dots", "a.".repeat(20_000) + "!");
        all.put("20,000 hyphens", "a" + "-".repeat(20_000));
        all.put("201 emoji", "\ud83d\ude00".repeat(201));
    }

    private static void invisible(Map<String, String> all) {
        all.put("NUL", "a\0b");
        all.put("NUL alone", "\0");
        all.put("start of heading", "a\u0001b");
        all.put("bell", "a\u0007b");
        all.put("escape sequence", "\u001b[31mred\u001b]0;title\u0007");
        all.put("tab", "a\tb");
        all.put("line feed", "a\nb");
        all.put("line feed at the end", "shop\n");
        all.put("header line", "a\r\nX-Injected: 1");
        all.put("delete", "a\u007fb");
        all.put("C1 next line", "a\u0085b");
        all.put("C1 control sequence", "a\u009b31m");
        all.put("line separator", "a\u2028b");
        all.put("paragraph separator", "a\u2029b");
        all.put("right-to-left override", "a\u202egpj.exe");
        all.put("unclosed isolate", "a\u2067b");
        all.put("zero-width space", "sh\u200bop");
        all.put("zero-width only", "\u200b\u200d\u2060");
        all.put("byte order mark", "\ufeffshop");
        all.put("soft hyphen", "sh\u00adop");
        all.put("lone high surrogate", "a\ud800");
        all.put("lone low surrogate", "\udc00a");
        all.put("noncharacter", "a\uffffb");
        all.put("private use", "a\ue000b");
        all.put("tag characters", "a\udb40\udc41\udb40\udc7f");
    }

    private static void lookAlikes(Map<String, String> all) {
        all.put("Cyrillic look-alike", "\u0430dmin");
        all.put("full width", "\uff53\uff48\uff4f\uff50");
        all.put("dotless i", "\u0131\u0130");
        all.put("Kelvin sign", "\u212a");
        all.put("ligature", "\ufb01le");
        all.put("combining marks", "s" + "\u0301\u0325".repeat(30) + "hop");
        all.put("Arabic digits", "\u0663\u0664");
        all.put("emoji sequence", "\ud83c\udff3\ufe0f\u200d\ud83c\udf08");
        all.put("right-to-left letters", "\u05d7\u05e0\u05d5\u05ea");
        all.put("punycode", "xn--80ak6aa92e");
    }

    private static void syntax(Map<String, String> all) {
        all.put("shell list", "; id");
        all.put("shell substitution", "$(id)");
        all.put("shell backticks", "`id`");
        all.put("shell pipe", "| cat /etc/passwd");
        all.put("shell and", "a && reboot");
        all.put("shell variable", "a${IFS}b");
        all.put("option", "--allow-root");
        all.put("short option", "-rf");
        all.put("SQL always true", "' OR '1'='1");
        all.put("SQL second statement", "'; DROP TABLE site; --");
        all.put("SQL union", "x' UNION SELECT password_hash FROM app_user --");
        all.put("SQL wildcard", "%");
        all.put("quotes", "\"'\\\"\\'");
        all.put("Jinja lookup", "{{ lookup('pipe','id') }}");
        all.put("Jinja block", "{% for x in range(9) %}x{% endfor %}");
        all.put("Jinja comment", "{# x");
        all.put("JTE expression", "${1 + 1}");
        all.put("JTE unsafe", "$unsafe{\"<b>\"}");
        all.put("JTE statement", "!{System.exit(1)}");
        all.put("JTE template", "@template.layout()");
        all.put("Spring expression", "#{T(Runtime)}");
        all.put("log lookup", "${jndi:ldap://127.0.0.1/a}");
        all.put("script", "<script>alert(1)</script>");
        all.put("attribute", "\"><img src=x onerror=alert(1)>");
        all.put("entity", "&lt;b&gt;&#x0;");
        all.put("XML entity", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>");
        all.put("JSON inside", "{\"slug\":\"x\"}");
        all.put("format", "%s%n%x%d{0}");
        all.put("LDAP", "*)(uid=*");
        all.put("regular expression", "(a+)+$");
    }

    private static void paths(Map<String, String> all) {
        all.put("parent path", "../../../../etc/passwd");
        all.put("parent path of Windows", "..\\..\\windows");
        all.put("absolute path", "/etc/passwd");
        all.put("slash", "a/b");
        all.put("dot", ".");
        all.put("two dots", "..");
        all.put("home", "~root");
        all.put("file address", "file:///etc/passwd");
        all.put("web address", "http://127.0.0.1/x");
        all.put("encoded path", "%2e%2e%2fetc");
        all.put("double encoding", "%252e%252e%252f");
        all.put("encoded NUL", "%00");
    }

    private static void words(Map<String, String> all) {
        all.put("the word null", "null");
        all.put("the word true", "true");
        all.put("the word NaN", "NaN");
        all.put("zero", "0");
        all.put("minus one", "-1");
        all.put("padded number", " 5 ");
        all.put("hexadecimal", "0x10");
        all.put("2^31", "2147483648");
        all.put("2^63", "9223372036854775808");
        all.put("1e400", "1e400");
        all.put("prototype", "__proto__");
        all.put("reserved admin", "admin");
        all.put("reserved www", "www");
        all.put("reserved localhost", "localhost");
        all.put("upper case", "SHOP");
        all.put("hyphen at the end", "shop-");
        all.put("two hyphens", "sh--op");
        all.put("two at signs", "a@b@example.org");
        all.put("address without domain", "a@b");
        all.put("domain with hyphens", "a@-example-.org");
        all.put("port out of range", "example.org:99999");
        all.put("brackets", "[[::]]]:443");
        all.put("unknown node", "node_doesnotexist");
        all.put("unknown site", "site_doesnotexist");
        all.put("unknown environment", "env_nothere1");
        all.put("unknown job", "job_doesnotexist");
    }

    /** JSON that is no text, for every field. */
    static Map<String, String> json() {
        var all = new LinkedHashMap<String, String>();
        all.put("null", "null");
        all.put("true", "true");
        all.put("false", "false");
        all.put("a number", "5");
        all.put("a fraction", "1.5");
        all.put("zero as a number", "0");
        all.put("a negative number", "-1");
        all.put("2^31 as a number", "2147483648");
        all.put("2^63 as a number", "9223372036854775808");
        all.put("1e400 as a number", "1e400");
        all.put("-1e400 as a number", "-1e400");
        all.put("1e999999999 as a number", "1e999999999");
        all.put("1e-400 as a number", "1e-400");
        all.put("2,000 digits", "9".repeat(2_000));
        all.put("NaN as a number", "NaN");
        all.put("Infinity as a number", "-Infinity");
        all.put("an octal number", "010");
        all.put("a hexadecimal number", "0x10");
        all.put("an empty array", "[]");
        all.put("an array", "[\"shop\"]");
        all.put("an empty object", "{}");
        all.put("an object", "{\"value\": \"shop\"}");
        all.put("a nested array", "[".repeat(10_000) + "]".repeat(10_000));
        all.put("a nested object", "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000));
        all.put("nothing", "");
        all.put("a text without quotes", "shop");
        all.put("a text in single quotes", "'shop'");
        all.put("a text without an end", "\"shop");
        all.put("an unknown escape", "\"a\\xb\"");
        all.put("half an escape", "\"a\\u00\"");
        all.put("a bare line feed", "\"a\nb\"");
        return all;
    }

    /** Path segments as they stand in the request line. */
    static Map<String, String> segments() {
        var all = new LinkedHashMap<String, String>();
        all.put("NUL", "%00");
        all.put("NUL inside", "a%00b");
        all.put("encoded slash", "a%2fb");
        all.put("encoded parent path", "%2e%2e%2f%2e%2e%2fetc%2fpasswd");
        all.put("double encoding", "%252e%252e%252f");
        all.put("dots", "..");
        all.put("encoded dots", "%2e%2e");
        all.put("a dot", "%2e");
        all.put("a backslash", "..%5c..");
        all.put("a parameter", "a;b=c");
        all.put("an encoded parameter", "a%3bb=c");
        all.put("a session parameter", "a;jsessionid=00");
        all.put("half an escape", "%");
        all.put("no escape", "%zz");
        all.put("overlong UTF-8", "%c0%ae%c0%ae");
        all.put("broken UTF-8", "%ff%fe");
        all.put("a surrogate", "%ed%a0%80");
        all.put("a header line", "a%0d%0aX-Injected:%201");
        all.put("a control character", "%01");
        all.put("a C1 control character", "%c2%9b31m");
        all.put("bidi", "%e2%80%aegpj");
        all.put("a look-alike", "%d0%b0dmin");
        all.put("a space", "%20");
        all.put("empty", "");
        all.put("a wildcard", "*");
        all.put("a template", "%7b%7bself%7d%7d");
        all.put("an expression", "%24%7b1+1%7d");
        all.put("SQL", "'%20OR%20'1'='1");
        all.put("SQL wildcard", "%25");
        all.put("shell", "$(id)");
        all.put("HTML", "%3cscript%3ealert(1)%3c%2fscript%3e");
        all.put("a fragment", "a%23b");
        all.put("a question mark", "a%3fb=c");
        all.put("300 letters", "a".repeat(300));
        all.put("9,000 letters", "a".repeat(9_000));
        all.put("20,000 letters", "a".repeat(20_000));
        all.put("raw UTF-8", "\u00d0\u00b0");
        all.put("raw braces", "{id}");
        all.put("raw quotes", "\"x\"");
        all.put("a number", "1");
        all.put("an unknown node", "node_doesnotexist");
        all.put("an unknown site", "site_doesnotexist");
        all.put("an unknown environment", "env_nothere1");
        all.put("an unknown job", "job_doesnotexist");
        all.put("an unknown token", "token_doesnotexist");
        all.put("upper case", "NODE_DOESNOTEXIST");
        return all;
    }
}
