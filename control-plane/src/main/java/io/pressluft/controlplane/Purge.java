package io.pressluft.controlplane;

import io.pressluft.controlplane.embedded.EmbeddedServers;
import io.pressluft.controlplane.provider.nspawn.NspawnProvider;
import io.pressluft.controlplane.provider.nspawn.NspawnSettings;
import io.pressluft.controlplane.settings.InstanceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;

/** Removes everything an instance made: machines, network, servers, data. */
final class Purge {

    private Purge() {}

    static void run(ControlPlane.StartOptions options) throws IOException {
        var instance = InstanceFiles.existing(options.data(), options.home());
        if (instance == null && !Files.isDirectory(options.data())) {
            System.out.println("Nothing to remove in " + options.data() + ".");
            return;
        }
        InstanceFiles.hold(options.data().toAbsolutePath());
        EmbeddedServers.endLeftBehind(options.data());
        if (instance != null) {
            new NspawnProvider(new NspawnSettings(
                            instance.id(),
                            instance.dataDirectory(),
                            instance.cacheDirectory(),
                            List.of(),
                            instance.ephemeral()))
                    .purge();
        }
        try (var everything = Files.walk(options.data())) {
            for (var path : everything.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        System.out.println("Removed " + options.data() + ".");
    }
}
