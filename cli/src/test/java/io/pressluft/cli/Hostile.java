package io.pressluft.cli;

import java.util.List;

/** Values that nobody means well with. */
final class Hostile {
    /** Steers terminals, reorders and breaks lines. */
    static final String STEERING = "\u001b[2J\u001b]0;x\u0007\u009b31m\u202e\u2028\r\u0000\u200b\udb40\udc41";

    private Hostile() {}

    static List<String> texts() {
        return List.of(
                "",
                "   ",
                "a".repeat(5_000),
                "a\0b",
                "a\r\nX-Injected: 1",
                "a\u0085b",
                STEERING,
                "\u0430dmin",
                "\ud83c\udff3\ufe0f\u200d\ud83c\udf08",
                "; id",
                "$(id)",
                "--allow-root",
                "-h",
                "'; DROP TABLE site; --",
                "%s%n%x",
                "{{ lookup('pipe','id') }}",
                "${sys:user.home}",
                "\"quoted\\",
                "../../../etc/passwd",
                "..",
                "%2e%2e%2f%00",
                "@/etc/hostname",
                "-1",
                "site_../..",
                "env_\u001b[31m",
                "node_doesnotexist?x=y&z#");
    }
}
