package io.pressluft.controlplane.provider.nspawn;

import io.pressluft.controlplane.provider.ProviderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which instances have made something on this host. An instance is entered before it makes anything and taken out after
 * everything is gone. Writers hold the host's lock.
 */
final class InstanceRegistry {

    static final Path RUN = Path.of("/run/pressluft");

    private final Path directory;

    InstanceRegistry(Path runDirectory) {
        this.directory = runDirectory.resolve("instances");
    }

    /** Enters the instance, or takes it over from an owner that has ended, and adds the machine. */
    void claim(NspawnSettings settings, String nodeId) {
        JsonFile<InstanceRecord> file = file(settings.instanceId());
        InstanceRecord known = file.read().orElseGet(() -> fresh(settings));
        if (!known.dataDirectory().equals(settings.dataDirectory().toString())) {
            throw new ProviderException(
                    "instance_conflict",
                    "Instance %s on this host belongs to %s.".formatted(settings.instanceId(), known.dataDirectory()),
                    "Give this control plane another instance id.");
        }
        InstanceRecord owned = known.owner().alive() ? known : known.ownedBy(OwnerProcess.current());
        file.write(owned.with(nodeId));
    }

    void recordSubnet(String instanceId, String subnet) {
        JsonFile<InstanceRecord> file = file(instanceId);
        file.read().ifPresent(known -> file.write(known.withSubnet(subnet)));
    }

    void forget(String instanceId, String nodeId) {
        JsonFile<InstanceRecord> file = file(instanceId);
        file.read().ifPresent(known -> file.write(known.without(nodeId)));
    }

    void remove(String instanceId) {
        file(instanceId).delete();
    }

    List<InstanceRecord> all() {
        List<InstanceRecord> records = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
                for (Path file : files) {
                    new JsonFile<>(file, InstanceRecord.class).read().ifPresent(records::add);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return records;
    }

    /** Subnets that belong to others even while their bridges are down. */
    List<Subnet> subnetsExcept(String instanceId) {
        return all().stream()
                .filter(other -> !other.instanceId().equals(instanceId)
                        && !other.subnet().isEmpty())
                .map(other -> Subnet.parse(other.subnet()))
                .toList();
    }

    private static InstanceRecord fresh(NspawnSettings settings) {
        InstanceNames names = settings.names();
        OwnerProcess owner = OwnerProcess.current();
        return new InstanceRecord(
                settings.instanceId(),
                settings.dataDirectory().toString(),
                settings.ephemeral(),
                owner.pid(),
                owner.startTime(),
                names.bridge(),
                names.table(),
                "",
                names.controlGroup(),
                List.of());
    }

    private JsonFile<InstanceRecord> file(String instanceId) {
        return new JsonFile<>(directory.resolve(instanceId + ".json"), InstanceRecord.class);
    }
}
