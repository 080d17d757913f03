package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The distribution's own archive as this host is configured to use it. Foreign repositories are not taken over. */
final class HostArchive {

    private static final Path MIRROR_LISTS = Path.of("/etc/apt/mirrors");

    private final Path apt;
    private final Path lists;

    HostArchive(Path apt, Path lists) {
        this.apt = apt;
        this.lists = lists;
    }

    static HostArchive ofThisHost() {
        return new HostArchive(Path.of("/etc/apt"), Path.of("/var/lib/apt/lists"));
    }

    /** The proxies that apt uses on this host, as lines of apt configuration; empty when there are none. */
    static String proxies(HostCommands commands) {
        StringBuilder lines = new StringBuilder();
        for (String option : List.of("Acquire::http::Proxy", "Acquire::https::Proxy")) {
            lines.append(commands.check("apt-config", "dump", "--no-empty", "--format", "%F \"%v\";%n", option));
        }
        return lines.toString();
    }

    /** Sources of the release itself, its updates and its security fixes; never empty. */
    List<AptSource> sources(HostDistribution distribution) {
        Set<String> wanted =
                Set.of(distribution.suite(), distribution.suite() + "-updates", distribution.suite() + "-security");
        List<AptSource> sources = configured().stream()
                .map(source -> source.withSuites(
                        source.suites().stream().filter(wanted::contains).toList()))
                .filter(source ->
                        !source.suites().isEmpty() && source.components().contains("main"))
                .map(source -> source.withUris(
                        source.uris().stream().map(HostArchive::plain).toList()))
                .filter(source -> source.uris().stream().noneMatch(uri -> uri.startsWith("cdrom:")))
                .filter(source -> isOfDistribution(source, distribution))
                .distinct()
                .toList();
        if (sources.stream().noneMatch(source -> source.suites().contains(distribution.suite()))) {
            throw ProviderException.capabilityMissing(
                    "This host's apt configuration names no archive of %s.".formatted(distribution.suite()),
                    "Add the distribution's archive with component main to /etc/apt/sources.list.d and run apt-get update.");
        }
        return sources;
    }

    private List<AptSource> configured() {
        List<AptSource> sources = new ArrayList<>();
        try {
            Path single = apt.resolve("sources.list");
            if (Files.isRegularFile(single)) {
                sources.addAll(AptSourceFile.lines(Files.readString(single)));
            }
            Path directory = apt.resolve("sources.list.d");
            if (Files.isDirectory(directory)) {
                for (Path file : sorted(directory)) {
                    String text = Files.readString(file);
                    sources.addAll(
                            file.toString().endsWith(".list")
                                    ? AptSourceFile.lines(text)
                                    : AptSourceFile.paragraphs(text));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    private static List<Path> sorted(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.{list,sources}")) {
            entries.forEach(files::add);
        }
        files.sort(null);
        return files;
    }

    /** Cloud images name a file that names the mirror; a machine does not have that file. */
    private static String plain(String uri) {
        if (!uri.startsWith("mirror+file:")) {
            return uri;
        }
        Path file = Path.of(uri.substring("mirror+file:".length())).normalize();
        if (!file.startsWith(MIRROR_LISTS)) {
            return uri;
        }
        try {
            return Files.readString(file)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+")[0])
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElse(uri);
        } catch (IOException e) {
            return uri;
        }
    }

    /** Some foreign repositories call their suites like the distribution's. What apt fetched tells them apart. */
    private boolean isOfDistribution(AptSource source, HostDistribution distribution) {
        for (String uri : source.uris()) {
            for (String suite : source.suites()) {
                Path release =
                        lists.resolve(uri.replaceFirst("^[a-z+]+://", "")
                                        .replaceFirst("/$", "")
                                        .replace('/', '_') + "_dists_" + suite.replace('/', '_') + "_InRelease");
                if (Files.isRegularFile(release) && !names(release, distribution.origin())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean names(Path release, String origin) {
        try (var lines = Files.lines(release)) {
            return lines.limit(40).anyMatch(line -> line.equals("Origin: " + origin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
