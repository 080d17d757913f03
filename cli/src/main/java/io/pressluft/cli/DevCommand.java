package io.pressluft.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "dev", description = "Start the control plane, workers active, without creating anything.")
final class DevCommand implements Callable<Integer> {
    private final Pressluft root;

    @Option(names = "--ephemeral", description = "Leave nothing behind at the end: for tests.")
    private boolean ephemeral;

    DevCommand(Pressluft root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        var keeper = new Keeper(root.output(), Pressluft.home(), root.data());
        try {
            var options = new ArrayList<String>();
            if (ephemeral) options.add("--pressluft.ephemeral=true");
            Api api = keeper.start(options);
            var steps = new FirstSteps(root, keeper, api);
            List<String> missing = steps.awaitAll();
            missing.forEach(line -> keeper.say("Not ready: " + line));
            root.output()
                    .say("%d nodes, %d sites. Dashboard: %s/"
                            .formatted(steps.nodes().size(), steps.sites().size(), api.base()));
            root.output().say("Running. Ctrl-C or ./pressluft down stops it.");
        } catch (CliException e) {
            keeper.failing();
            throw e;
        }
        return keeper.stay();
    }
}
