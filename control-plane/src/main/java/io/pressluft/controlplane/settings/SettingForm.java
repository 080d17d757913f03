package io.pressluft.controlplane.settings;

import java.net.URI;
import java.net.URISyntaxException;

/** What kind of text a setting is. None lets a control character through. */
enum SettingForm {
    TEXT,
    /** An http or https address that everybody may know. */
    ADDRESS,
    /** Sealed, and never shown again. */
    SECRET,
    /** An http or https address. Whoever knows all of it may post to it: it is sealed, and only its origin is shown. */
    URL;

    static final String PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String MAILBOX =
            "[A-Za-z0-9_%+-]{1,64}(\\.[A-Za-z0-9_%+-]{1,64}){0,9}@" + LABEL + "(\\." + LABEL + "){1,9}";

    static final String HOST = "(?=.{1,253}\\z)" + LABEL + "(\\." + LABEL + ")*|\\[[0-9A-Fa-f:.]{2,45}]";
    static final String MAIL_ADDRESS = "(?=.{6,254}\\z)" + MAILBOX;
    static final String MAIL_ADDRESSES = "(?=.{6,1000}\\z)" + MAILBOX + "( *, *" + MAILBOX + "){0,9}";
    static final String GATEWAY = "([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}]):" + PORT;
    static final String PRINTABLE = "[\\x21-\\x7e]{1,1000}";

    private static final int HIGHEST_PORT = 65_535;

    /** What no pattern can say. */
    boolean fits(String value) {
        return switch (this) {
            case TEXT, SECRET -> true;
            case ADDRESS, URL -> reachable(value);
        };
    }

    /** Whether a value is sealed. */
    boolean secret() {
        return switch (this) {
            case TEXT, ADDRESS -> false;
            case SECRET, URL -> true;
        };
    }

    /** What may be shown of a value. */
    String shown(String value) {
        return switch (this) {
            case TEXT, ADDRESS -> value;
            case SECRET -> "";
            case URL -> origin(URI.create(value));
        };
    }

    private static String origin(URI address) {
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }

    private static boolean reachable(String value) {
        try {
            var uri = new URI(value);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() != 0
                    && uri.getPort() <= HIGHEST_PORT
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException none) {
            return false;
        }
    }
}
