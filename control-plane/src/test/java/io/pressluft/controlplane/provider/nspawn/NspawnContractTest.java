package io.pressluft.controlplane.provider.nspawn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pressluft.controlplane.provider.AcquisitionSpec;
import io.pressluft.controlplane.provider.NodeProvider;
import io.pressluft.controlplane.provider.ProviderContract;
import io.pressluft.controlplane.provider.ProviderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on real machines of this host. */
class NspawnContractTest extends ProviderContract {

    @TempDir
    static Path directory;

    private static NspawnProvider provider;
    private static Path key;

    @BeforeAll
    static void prepare() throws IOException {
        provider = new NspawnProvider(TestSettings.of(directory.resolve("data"), false));
        try {
            provider.requireAvailable();
        } catch (ProviderException e) {
            System.out.println("Local machines are not tested: " + e.getMessage() + " " + e.remediation());
            assumeTrue(false, e.getMessage());
        }
        key = TestSettings.key(directory);
    }

    @Override
    protected NodeProvider provider() {
        return provider;
    }

    @Override
    protected AcquisitionSpec spec() {
        try {
            return new AcquisitionSpec(
                    "node_ccccccccccc1", "web-c", 512, 1, Files.readString(Path.of(key + ".pub")), key, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
