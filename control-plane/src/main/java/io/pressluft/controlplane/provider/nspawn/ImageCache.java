package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Images, built once and copied for every machine. An image exists under its name only when it is complete. */
final class ImageCache {

    private static final Duration BUILD = Duration.ofMinutes(20);

    private final Path images;
    private final HostCommands commands;

    ImageCache(Path cacheDirectory, HostCommands commands) {
        this.images = cacheDirectory.resolve("images");
        this.commands = commands;
    }

    /** The root directory of the image; built first when it is not there. One builder per image, others wait for it. */
    Path require(ImageRecipe recipe, Progress progress) {
        Path image = images.resolve(recipe.name());
        Path root = image.resolve("root");
        if (Files.isDirectory(root)) {
            return root;
        }
        try (var _ = HostLock.hold(images.resolve(recipe.name() + ".lock"))) {
            if (!Files.isDirectory(root)) {
                build(recipe, image, progress);
            }
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void build(ImageRecipe recipe, Path image, Progress progress) throws IOException {
        // A builder that was killed may have left tools that still write: never build where they do.
        try (var stale = Files.newDirectoryStream(images, recipe.name() + ".building-*")) {
            stale.forEach(path -> commands.run("rm", "-rf", "--one-file-system", path.toString()));
        }
        Path building = Files.createTempDirectory(images, recipe.name() + ".building-");
        // apt downloads as an ordinary user, who has to get through here.
        Files.setPosixFilePermissions(building, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path sources = Files.writeString(building.resolve("distribution.sources"), AptSource.file(recipe.sources()));
        Path proxies = Files.writeString(building.resolve("proxies.conf"), recipe.proxies());
        Files.setPosixFilePermissions(proxies, PosixFilePermissions.fromString("rw-------"));
        Path root = building.resolve("root");
        progress.log("Building image " + recipe.name());
        commands.check(BUILD, progress::log, bootstrap(recipe, sources, proxies, root));
        finish(recipe, root);
        Files.delete(sources);
        Files.delete(proxies);
        Files.move(building, image, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<String> bootstrap(ImageRecipe recipe, Path sources, Path proxies, Path root) {
        List<String> command = new ArrayList<>(List.of(
                "mmdebstrap",
                "--mode=root",
                "--variant=minbase",
                "--format=directory",
                "--include=" + String.join(",", recipe.packages()),
                // With the lists in the image, a machine's first update only asks whether they changed.
                "--skip=cleanup/apt/lists"));
        if (!recipe.proxies().isEmpty()) {
            command.add("--aptopt=" + proxies);
        }
        ImageRecipe.EXCLUDED.forEach(path -> command.add("--dpkgopt=path-exclude=" + path));
        command.addAll(List.of(recipe.distribution().suite(), root.toString(), sources.toString()));
        return command;
    }

    /** Takes out what must differ between machines, puts in what they share. */
    private void finish(ImageRecipe recipe, Path root) throws IOException {
        try (var keys = Files.newDirectoryStream(root.resolve("etc/ssh"), "ssh_host_*")) {
            for (Path key : keys) {
                Files.delete(key);
            }
        }
        Files.deleteIfExists(root.resolve("etc/machine-id"));
        Files.deleteIfExists(root.resolve("var/lib/dbus/machine-id"));
        if (!recipe.proxiesServeMachines()) {
            Files.deleteIfExists(root.resolve("etc/apt/apt.conf.d/99mmdebstrap"));
        }
        for (AptSource source : recipe.sources()) {
            if (source.keyIsFile()) {
                Path key = root.resolve(source.signedBy().substring(1));
                if (!Files.exists(key)) {
                    Files.createDirectories(key.getParent());
                    Files.copy(Path.of(source.signedBy()), key);
                }
            }
        }
        commands.check("systemctl", "--root=" + root, "enable", "systemd-networkd.service", "ssh.service");
        // Nothing serves before provisioning has configured it and turned it on.
        recipe.services().forEach(service -> commands.check("systemctl", "--root=" + root, "disable", service));
        // Ubuntu starts sshd by socket, which would leave the port answering before the daemon's keys are in place.
        commands.run("systemctl", "--root=" + root, "disable", "ssh.socket");
    }
}
