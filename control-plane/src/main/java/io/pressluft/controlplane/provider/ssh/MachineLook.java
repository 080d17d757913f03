package io.pressluft.controlplane.provider.ssh;

import io.pressluft.controlplane.provider.ProviderException;
import io.pressluft.controlplane.ssh.SshFailure;
import io.pressluft.controlplane.ssh.SshSession;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a machine is, seen before anything is changed on it.
 *
 * @param facts by name, as the script printed them
 */
record MachineLook(Map<String, String> facts) {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern NODE = Pattern.compile("\"node_id\": *\"(node_[a-z0-9]+)\"");
    private static final Set<String> SYSTEMS = Set.of("debian 12", "debian 13", "ubuntu 24.04");

    /** Whose configuration provisioning writes: a machine that runs one of them already serves somebody. */
    private static final List<String> TAKEN_OVER = List.of(
            "nginx", "apache2", "lighttpd", "caddy", "lsws", "openlitespeed", "mariadb", "mysql", "redis-server");

    private static final String SCRIPT = """
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH LC_ALL=C
            root=no; as=
            if [ "$(id -u)" = 0 ]; then root=yes; elif sudo -n true 2>/dev/null; then root=yes; as='sudo -n'; fi
            echo "root=$root"
            [ "$root" = yes ] || exit 0
            echo "os=$( . /etc/os-release 2>/dev/null; echo "$ID $VERSION_ID")"
            echo "machine=$(cat /etc/machine-id 2>/dev/null)"
            echo "architecture=$(uname -m)"
            echo "systemd=$([ -d /run/systemd/system ] && echo yes || echo no)"
            echo "python=$([ -x /usr/bin/python3 ] && echo yes || echo no)"
            echo "memory=$(awk '/^MemTotal:/ {print int($2 / 1024)}' /proc/meminfo)"
            echo "cpus=$(nproc)"
            echo "claim=$($as cat /etc/pressluft/claim /etc/pressluft/node.json 2>/dev/null | grep -o 'node_[a-z0-9]*' \
            | head -n 1)"
            echo "services=$(for unit in %s; do
                if systemctl -q is-active $unit || [ "$(systemctl is-enabled $unit)" = enabled ]; then echo $unit; fi
            done 2>/dev/null | tr '\\n' ' ')"
            echo "firewall=$($as ufw status 2>/dev/null | sed -n 's/^Status: //p')"
            """.formatted(String.join(" ", TAKEN_OVER));

    static MachineLook at(SshSession session) throws SshFailure {
        var facts = new LinkedHashMap<String, String>();
        var said = session.script(SCRIPT, LIMIT).out().strip();
        if (said.startsWith("{")) {
            // The key was narrowed: whatever is asked, the probe answers. The machine is a node then, ours or not.
            var node = NODE.matcher(said);
            return new MachineLook(Map.of("probe", "yes", "claim", node.find() ? node.group(1) : "another"));
        }
        Arrays.stream(said.split("\n"))
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> facts.putIfAbsent(pair[0], pair[1].strip()));
        return new MachineLook(Map.copyOf(facts));
    }

    /**
     * Why the machine cannot become this node; empty when it can.
     *
     * @param ownMachine this host's machine id; empty when it has none
     * @param architecture as {@code os.arch} says it
     */
    Optional<ProviderException> objection(String nodeId, String user, String ownMachine, String architecture) {
        if (narrowed()) {
            return claimed(nodeId);
        }
        if (!fact("root").equals("yes")) {
            return Optional.of(new ProviderException(
                    "sudo_unavailable",
                    "The user %s cannot become root without a password.".formatted(user),
                    "Give the user passwordless sudo (%s ALL=(ALL) NOPASSWD: ALL), or use root.".formatted(user)));
        }
        if (!ownMachine.isEmpty() && fact("machine").equals(ownMachine)) {
            return Optional.of(
                    SshProvider.refusedAddress("The address leads back to the control plane's own machine."));
        }
        if (!SYSTEMS.contains(fact("os")) || !fact("systemd").equals("yes")) {
            return Optional.of(unsupported("The machine runs \"%s\"%s."
                    .formatted(fact("os"), fact("systemd").equals("yes") ? "" : " without systemd")));
        }
        if (!sameArchitecture(architecture)) {
            return Optional.of(unsupported("The machine is %s; this control plane's agent is built for %s."
                    .formatted(fact("architecture"), architecture)));
        }
        if (!fact("python").equals("yes")) {
            return Optional.of(new ProviderException(
                    "python_missing",
                    "The machine has no /usr/bin/python3.",
                    "Install it (apt-get install python3), then retry the job."));
        }
        return claimed(nodeId);
    }

    private Optional<ProviderException> claimed(String nodeId) {
        var claim = fact("claim");
        if (claim.equals(nodeId)) {
            return Optional.empty();
        }
        if (belongsToAnother(nodeId)) {
            return Optional.of(new ProviderException(
                    "machine_claimed",
                    "The machine belongs to node %s already.".formatted(claim),
                    "Decommission that node first. If its control plane is gone, install the machine afresh."));
        }
        var used = fact("services").isEmpty()
                ? fact("firewall").equals("active") ? "an active firewall (ufw)" : ""
                : fact("services");
        return used.isEmpty()
                ? Optional.empty()
                : Optional.of(new ProviderException(
                        "machine_in_use",
                        "The machine is used for something else: it runs %s.".formatted(used),
                        "Use a server that carries nothing else; Pressluft takes over its web server, database and"
                                + " firewall."));
    }

    boolean belongsToAnother(String nodeId) {
        return !fact("claim").isEmpty() && !fact("claim").equals(nodeId);
    }

    /** Whether the key runs the probe and nothing else there. */
    boolean narrowed() {
        return fact("probe").equals("yes");
    }

    private boolean sameArchitecture(String own) {
        var seen = fact("architecture");
        return seen.equals(own) || (seen.equals("x86_64") && own.equals("amd64"));
    }

    private static ProviderException unsupported(String what) {
        return new ProviderException("os_unsupported", what, "Use Ubuntu 24.04, Debian 12 or Debian 13.");
    }

    String fact(String name) {
        return facts.getOrDefault(name, "");
    }

    /** @return the fact as a number, or 0 */
    int number(String name) {
        return fact(name).matches("[0-9]{1,9}") ? Integer.parseInt(fact(name)) : 0;
    }
}
