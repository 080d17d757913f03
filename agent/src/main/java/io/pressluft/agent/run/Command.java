package io.pressluft.agent.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a short command to its end. */
final class Command {

    private Command() {}

    record Result(int status, String output) {}

    static Result run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (var output = process.getInputStream()) {
            var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), text.strip());
        } catch (InterruptedException e) {
            process.destroy();
            throw e;
        }
    }
}
