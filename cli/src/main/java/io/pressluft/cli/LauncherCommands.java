package io.pressluft.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands that the launcher does before any Java runs; they are here to be listed and explained. */
final class LauncherCommands {
    private LauncherCommands() {}

    private static CliException askLauncher(String command) {
        return CliException.usage(
                "launcher_needed",
                "%s is done by the launcher".formatted(command),
                "Run ./pressluft %s in the checkout.".formatted(command));
    }

    @Command(name = "build", description = "Build everything if sources have changed.")
    static final class Build implements Callable<Integer> {
        Build(Pressluft root) {}

        @Override
        public Integer call() {
            throw askLauncher("build");
        }
    }

    @Command(name = "test", description = "Run every test; arguments are passed to Maven.")
    static final class Test implements Callable<Integer> {
        @Parameters(arity = "0..*", paramLabel = "MAVEN_ARGUMENT")
        private List<String> arguments = List.of();

        Test(Pressluft root) {}

        @Override
        public Integer call() {
            throw askLauncher(("test " + String.join(" ", arguments)).strip());
        }
    }
}
