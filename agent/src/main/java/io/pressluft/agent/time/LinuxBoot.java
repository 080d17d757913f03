package io.pressluft.agent.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's own account of this boot. */
public final class LinuxBoot implements BootClock {

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    @Override
    public long millis() {
        var uptime = read(UPTIME);
        return new BigDecimal(uptime.substring(0, uptime.indexOf(' ')))
                .movePointRight(3)
                .longValue();
    }

    /** Differs after every boot. */
    public static String id() {
        return read(BOOT_ID).strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
