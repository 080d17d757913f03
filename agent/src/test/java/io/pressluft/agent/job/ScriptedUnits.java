package io.pressluft.agent.job;

import io.pressluft.agent.run.RunFiles;
import io.pressluft.agent.run.Unit;
import io.pressluft.agent.run.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Runs that end where they begin, as a seed says: each start is an effect on the node. Now and then the agent dies before
 * or after one.
 */
final class ScriptedUnits implements Units {

    /** Above every hash that is compared with it. */
    private static final int ALL = 100;

    private final long seed;
    private final List<Effect> effects = new ArrayList<>();
    private final Set<String> died = new HashSet<>();
    private boolean dead;

    /** A run that has begun. */
    record Effect(String site, long token, String job, String phase) {}

    /** The agent's process ends here. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Killed() {
            super("the agent was killed");
        }
    }

    ScriptedUnits(long seed) {
        this.seed = seed;
    }

    @Override
    public synchronized void start(Unit unit) throws IOException {
        var words = unit.name().split("-");
        var job = words[2];
        var phase = words[3];
        int luck = luck(unit.name() + unit.files().directory());
        boolean dies = luck < 6 && died.add(unit.name());
        if (dies && luck < 3) {
            dead = true;
            throw new Killed();
        }
        var site = Path.of(unit.environment().getOrDefault("PRESSLUFT_TOKEN_FILE", ""));
        effects.add(new Effect(
                String.valueOf(site.getFileName()),
                Long.parseLong(unit.environment().getOrDefault("PRESSLUFT_TOKEN", "0")),
                job,
                phase));
        if (dies) {
            dead = true;
            throw new Killed();
        }
        boolean works = luck < 75;
        Files.writeString(unit.files().events(), """
                {"event":"run_started","at":1000}
                {"event":"run_finished","outcome":"%s","changed":1}
                """.formatted(works ? "succeeded" : "failed"));
        Files.writeString(unit.files().directory().resolve("exit"), "EXIT_STATUS=%d\n".formatted(works ? 0 : 2));
    }

    /** The same for the same run of the same seed, in whatever thread. */
    private int luck(String run) {
        var name = run.substring(0, Math.min(run.length(), run.indexOf('/') < 0 ? run.length() : run.indexOf('/')))
                + Path.of(run).getFileName();
        return new SplittableRandom(seed * 31 + name.hashCode()).nextInt(ALL);
    }

    @Override
    public boolean alive(String name, RunFiles files) {
        return false;
    }

    @Override
    public void stop(String name, RunFiles files) {}

    /** Whether the agent was killed since the last question. */
    synchronized boolean tookTheAgentWithIt() {
        boolean was = dead;
        dead = false;
        return was;
    }

    /** Whether the agent was killed and nobody has asked yet. */
    synchronized boolean agentIsDead() {
        return dead;
    }

    synchronized List<Effect> effects() {
        return List.copyOf(effects);
    }
}
