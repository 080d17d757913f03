package io.pressluft.agent.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the main process of a unit ended.
 *
 * @param result systemd's word for it: success, exit-code, oom-kill, timeout, ...; empty without systemd; oom-kill also when
 *     something of the unit was killed for its memory and systemd speaks of a signal
 * @param status exit status or signal
 */
record RunExit(String result, String status) {

    /** How many processes of the group were killed for memory. */
    private static final String OOM_KILL = "oom_kill ";

    static Optional<RunExit> read(Path file) throws IOException {
        try {
            var result = "";
            var status = "";
            boolean memory = false;
            for (var line : Files.readAllLines(file)) {
                if (line.startsWith("SERVICE_RESULT=")) {
                    result = line.substring(line.indexOf('=') + 1);
                } else if (line.startsWith("EXIT_STATUS=")) {
                    status = line.substring(line.indexOf('=') + 1);
                } else if (line.startsWith(OOM_KILL)) {
                    memory = !line.substring(OOM_KILL.length()).equals("0");
                }
            }
            if (memory && result.equals("signal")) {
                result = "oom-kill";
            }
            return Optional.of(new RunExit(result, status));
        } catch (NoSuchFileException running) {
            return Optional.empty();
        }
    }
}
