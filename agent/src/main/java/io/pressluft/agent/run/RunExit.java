package io.pressluft.agent.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the main process of a unit ended.
 *
 * @param result systemd's word for it: success, exit-code, oom-kill, timeout, ...; empty without systemd
 * @param status exit status or signal
 */
record RunExit(String result, String status) {

    static Optional<RunExit> read(Path file) throws IOException {
        try {
            var result = "";
            var status = "";
            for (var line : Files.readAllLines(file)) {
                if (line.startsWith("SERVICE_RESULT=")) {
                    result = line.substring(line.indexOf('=') + 1);
                } else if (line.startsWith("EXIT_STATUS=")) {
                    status = line.substring(line.indexOf('=') + 1);
                }
            }
            return Optional.of(new RunExit(result, status));
        } catch (NoSuchFileException running) {
            return Optional.empty();
        }
    }
}
