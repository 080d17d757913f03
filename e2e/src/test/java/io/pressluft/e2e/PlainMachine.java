package io.pressluft.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A server that Pressluft did not make: plain Debian with two users, its own network, and nothing of ours. */
final class PlainMachine implements AutoCloseable {

    /** Has passwordless sudo. */
    static final String KEEPER = "keeper";

    /** Has no rights. */
    static final String VISITOR = "visitor";

    private static final Duration BUILD = Duration.ofMinutes(5);
    private static final Duration BOOT = Duration.ofSeconds(30);

    private final Path directory;
    private final String name;
    private final String network;

    private PlainMachine(Path directory, String name, String network) {
        this.directory = directory;
        this.name = name;
        this.network = network;
    }

    /** Boots a fresh one. The root it is copied from and its packages are kept in the shared cache. */
    static PlainMachine boot(Path home, Path directory) throws IOException {
        var chosen = System.getenv("PRESSLUFT_CACHE");
        var cache = Files.createDirectories(
                chosen == null || chosen.isBlank() ? home.resolve(".pressluft/cache") : Path.of(chosen));
        var image = cache.resolve("e2e-plain-root");
        script("sweep");
        if (!Files.isDirectory(image)) {
            script("build", image.toString());
        }
        var random = new Random();
        var bytes = new byte[3];
        random.nextBytes(bytes);
        var machine = new PlainMachine(directory, "plr" + HexFormat.of().formatHex(bytes), freeNetwork(random));
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("jvm"), Long.toString(ProcessHandle.current().pid()));
        Runtime.getRuntime().addShutdownHook(new Thread(machine::close));
        script(
                "up",
                directory.toString(),
                image.toString(),
                machine.name,
                machine.network,
                cache.resolve("e2e-packages").toString());
        Await.until("the machine answers SSH; see " + directory.resolve("console"), BOOT, machine::answers);
        return machine;
    }

    private static String freeNetwork(Random random) {
        var taken = Commands.run(List.of("ip", "-4", "route")).require().out();
        while (true) {
            var network = "10.%d.%d".formatted(200 + random.nextInt(50), random.nextInt(250));
            if (!taken.contains(network + ".")) {
                return network;
            }
        }
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address(), 22), 500);
            return new String(socket.getInputStream().readNBytes(4), java.nio.charset.StandardCharsets.US_ASCII)
                    .equals("SSH-");
        } catch (IOException e) {
            return false;
        }
    }

    String address() {
        return network + ".2";
    }

    /** The host's own address on the machine's network. */
    String hostAddress() {
        return network + ".1";
    }

    NodeShell shell() {
        return new NodeShell(directory);
    }

    void password(String user, String password) {
        shell().script("echo '%s:%s' | chpasswd".formatted(user, password)).require();
    }

    /** {@code SHA256:...} of the host key of this type. */
    String fingerprint(String type) {
        return shell().script("ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub | cut -d' ' -f2".formatted(type))
                .require()
                .out()
                .strip();
    }

    /** Whatever is of Pressluft on the machine, or was changed for it; packages and their own files apart. */
    List<String> state() {
        return shell().script("""
                find / -xdev \\( -path /proc -o -path /sys -o -path /var/log/journal -o -path /var/cache/apt \\) -prune \
                    -o \\( -iname '*pressluft*' -o -name 'env_*' -o -name '.ansible' \\) -print
                ls -d /run/*pressluft* 2>/dev/null || true
                grep -rIl pressluft /etc --exclude='group-' --exclude='gshadow-' --exclude='passwd-' --exclude='shadow-' || true
                grep -h '' /root/.ssh/authorized_keys /home/*/.ssh/authorized_keys 2>/dev/null || true
                ls -A /root /root/.ssh /home/keeper /home/visitor /home/keeper/.ssh /etc/sudoers.d /etc/ssh/sshd_config.d \
                    /var/www/env_* 2>/dev/null || true
                getent passwd | grep -E '^env_' || true
                sshd -T | grep -iE '^(port|permitrootlogin|passwordauthentication|x11forwarding)'
                ss -Hltn | awk '{print "listens", $4}' | sort
                systemctl list-units --all --plain --no-legend 'env*' '*pressluft*' | awk '{print $1}'
                for unit in nginx mariadb redis-server fail2ban ufw; do
                    systemctl is-active -q $unit && systemctl is-enabled -q $unit && echo "runs $unit"; done || true
                ufw status 2>/dev/null | grep -F ' active' || true
                """).require().lines();
    }

    private static void script(String... arguments) {
        var command = new ArrayList<>(List.of(
                "bash",
                Path.of("src/test/resources/plain-machine.sh").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        Commands.run(command, Map.of(), BUILD).require();
    }

    @Override
    public void close() {
        if (Files.isDirectory(directory)) {
            script("down", directory.toString(), name);
        }
    }
}
