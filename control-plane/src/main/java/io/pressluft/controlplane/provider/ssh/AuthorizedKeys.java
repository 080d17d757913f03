package io.pressluft.controlplane.provider.ssh;

import io.pressluft.controlplane.ssh.SshFailure;
import io.pressluft.controlplane.ssh.SshSession;
import java.time.Duration;

/** The managed key in the {@code authorized_keys} of the user that is signed in. Lines of other keys stay as they are. */
public final class AuthorizedKeys {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Every line with this key goes, and one comes: run twice it leaves one. Written beside the file, then renamed. */
    private static final String SCRIPT = """
            set -eu
            umask 077
            folder="$HOME/.ssh"; file="$folder/authorized_keys"; fresh="$folder/.pressluft-$$"
            trap 'rm -f "$fresh"' EXIT
            if [ ! -e "$file" ]; then
                [ -n "$2" ] || exit 0
                mkdir -p "$folder"
                : > "$file"
            fi
            file=$(readlink -f "$file")
            cp -p "$file" "$fresh"
            { grep -vF "$1" "$file" || [ $? -eq 1 ]; } > "$fresh"
            [ -z "$2" ] || echo "$2" >> "$fresh"
            if [ -s "$fresh" ]; then
                mv "$fresh" "$file"
            else
                rm -f "$file" "$fresh"
                rmdir "$folder" 2>/dev/null || true
            fi
            """;

    private final String line;

    /** @param line the public key, {@code type base64 comment} */
    AuthorizedKeys(String line) {
        if (!line.matches("[a-z0-9-]+ [A-Za-z0-9+/=]+( [A-Za-z0-9@._-]*)?")) {
            throw new IllegalArgumentException("not a public key that can be written into a script");
        }
        this.line = line;
    }

    /** @return what went wrong, or an empty text */
    String add(SshSession session) throws SshFailure {
        return run(session, line);
    }

    /** @return what went wrong, or an empty text */
    String remove(SshSession session) throws SshFailure {
        return run(session, "");
    }

    private String run(SshSession session, String wanted) throws SshFailure {
        var outcome = session.script(script(wanted), LIMIT);
        if (outcome.exit() == 0) {
            return "";
        }
        var said = (outcome.error() + " " + outcome.out()).strip().replaceAll("\\s+", " ");
        return said.isEmpty() ? "it ended with " + outcome.exit() : said.substring(0, Math.min(300, said.length()));
    }

    /** @param wanted the line that is there afterwards, or an empty text */
    String script(String wanted) {
        return "set -- '%s' '%s'\n".formatted(line.split(" ")[1], wanted) + SCRIPT;
    }

    /** What an operator types on the machine, as the user that Pressluft is to sign in as. The last line there may have no end. */
    public static String command(String line) {
        return "mkdir -p -m 700 ~/.ssh && printf '\\n%%s\\n' '%s' >> ~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys"
                .formatted(line);
    }
}
