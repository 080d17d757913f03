package io.pressluft.agent.run;

import java.nio.file.Path;

/** The directory of one run, and what lies in it. */
public record RunFiles(Path directory) {

    /** Written by the callback, one JSON object a line; the buffer of everything that is told upstream. */
    public Path events() {
        return directory.resolve("events.jsonl");
    }

    /** What the playbook is given; removed when the job is settled. */
    Path variables() {
        return directory.resolve("variables.json");
    }

    Path lease() {
        return directory.resolve("lease");
    }

    /** Standard output and error of the run's processes. */
    Path output() {
        return directory.resolve("output.log");
    }

    /** How the run's main process ended. */
    Path exit() {
        return directory.resolve("exit");
    }

    Path pid() {
        return directory.resolve("pid");
    }
}
