package io.pressluft.agent.job;

import io.pressluft.agent.run.RunPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** One agent, its disk, and a control plane that says whatever a seed chooses, however late. */
final class AgentModelRun {

    private static final int SITES = 4;
    private static final long DEADLINE = 3_600_000;

    /** What is taken away from the agent to see that it is missed. */
    enum Fault {
        NONE,
        TOKENS_NEVER_CONSULTED,
        JOURNAL_FORGOTTEN
    }

    private final Path root;
    private final Fault fault;
    private final SplittableRandom random;
    private final ScriptedUnits units;
    private final List<Offer> offers = new ArrayList<>();
    private final Map<String, Long> issued = new LinkedHashMap<>();
    private final Map<String, Report> ends = new HashMap<>();
    private final List<String> broken = new ArrayList<>();
    private final Map<String, Long> newest = new HashMap<>();
    private final Map<String, String> owner = new HashMap<>();
    private final Set<String> applied = new HashSet<>();
    private Map<String, String> copied = Map.of();
    private ModelAgent agent;
    private int looked;

    AgentModelRun(Path root, long seed, Fault fault) throws IOException {
        this.root = Files.createDirectories(root);
        this.fault = fault;
        this.random = new SplittableRandom(seed);
        this.units = new ScriptedUnits(seed);
        for (int i = 0; i < SITES; i++) {
            issued.put("site_%012d".formatted(i), 0L);
        }
        ModelAgent.release(root);
        this.agent = new ModelAgent(root, units);
    }

    List<String> broken() {
        return broken;
    }

    List<ScriptedUnits.Effect> effects() {
        return units.effects();
    }

    /** Does this many operations, or fewer when a rule is broken. */
    int operate(int operations) throws IOException, InterruptedException {
        int done = 0;
        while (done < operations && broken.isEmpty()) {
            step();
            agent.settle();
            while (units.tookTheAgentWithIt()) {
                restart();
                agent.settle();
            }
            look();
            done++;
        }
        agent.kill();
        return done;
    }

    private void step() throws IOException, InterruptedException {
        int dice = random.nextInt(100);
        if (dice < 22 || offers.isEmpty()) {
            deliver(fresh(site(), 1));
        } else if (dice < 42) {
            deliver(offers.get(random.nextInt(offers.size())));
        } else if (dice < 46) {
            deliver(another(offers.get(random.nextInt(offers.size())))); // the token of a job that exists
        } else if (dice < 48) {
            deliver(fresh(site(), 5_000_000).withoutIssue());
        } else if (dice < 70) {
            agent.verdict(lately(), random.nextInt(100) < 70 ? RunPhase.COMMIT : RunPhase.UNDO);
        } else if (dice < 88) {
            seen(lately());
        } else if (dice < 94) {
            restart();
        } else if (dice < 96) {
            copied = tokenFiles();
        } else if (dice < 98) {
            Files.createDirectories(root.resolve("tokens"));
            agent.kill();
            forget(root.resolve("tokens"));
            restart();
        } else {
            agent.kill();
            forget(root.resolve("tokens"));
            for (var file : copied.entrySet()) {
                Files.writeString(root.resolve("tokens").resolve(file.getKey()), file.getValue());
            }
            restart();
        }
    }

    private String site() {
        return List.copyOf(issued.keySet()).get(random.nextInt(SITES));
    }

    /** An offer as the control plane makes it; {@code issue} says that the token counts as given. */
    private record Draft(Offer offer, boolean issue) {
        Offer withoutIssue() {
            return offer;
        }
    }

    private Draft fresh(String site, long ahead) {
        long token = issued.getOrDefault(site, 0L) + ahead;
        return new Draft(offer(site, token), ahead == 1);
    }

    private Offer another(Offer of) {
        return offer(of.siteId(), of.token());
    }

    private Offer offer(String site, long token) {
        return new Offer(
                "job_%012d".formatted(offers.size() + 1),
                ModelAgent.TYPE,
                site,
                token,
                "{\"environment_id\":\"env_aaaaaaaa\"}",
                DEADLINE,
                0,
                null);
    }

    private void deliver(Draft draft) throws IOException {
        if (draft.issue()) {
            issued.put(draft.offer().siteId(), draft.offer().token());
            if (random.nextInt(100) < 25) {
                offers.add(draft.offer()); // it is on its way for a while
                return;
            }
        }
        deliver(draft.offer());
    }

    private void deliver(Offer offer) throws IOException {
        if (!offers.contains(offer)) {
            offers.add(offer);
        }
        if (fault == Fault.TOKENS_NEVER_CONSULTED) {
            forget(root.resolve("tokens"));
        }
        boolean known = agent.journal.find(offer.jobId()).isPresent();
        var answer = agent.jobs.offer(offer);
        require(!known || answer instanceof Answer.Accepted, "what is in the journal is answered from it", offer);
        require(
                offer.token() < 5_000_000 || answer instanceof Answer.Refused,
                "a token far ahead of all others is refused",
                offer);
    }

    /** One of the newest jobs, mostly. */
    private String lately() {
        int back = random.nextInt(Math.min(offers.size(), random.nextInt(10) == 0 ? offers.size() : 8));
        return offers.get(offers.size() - 1 - back).jobId();
    }

    private void seen(String job) throws IOException {
        var record = agent.journal.find(job);
        if (record.isPresent() && !record.get().reports().isEmpty()) {
            var reports = record.get().reports();
            agent.jobs.seen(job, reports.get(random.nextInt(reports.size())).phase());
        }
    }

    /** Another process over the same disk; the first word it hears is the highest tokens. */
    private void restart() throws IOException, InterruptedException {
        agent.kill();
        if (fault == Fault.JOURNAL_FORGOTTEN) {
            forget(root.resolve("jobs"));
        }
        agent = new ModelAgent(root, units);
        agent.jobs.resume();
        if (fault != Fault.TOKENS_NEVER_CONSULTED) {
            agent.jobs.resynchronise(issued);
        }
    }

    private Map<String, String> tokenFiles() throws IOException {
        var files = new HashMap<String, String>();
        try (var all = Files.newDirectoryStream(root.resolve("tokens"))) {
            for (var file : all) {
                files.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        }
        return files;
    }

    private static void forget(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (var path : all.sorted(Comparator.reverseOrder())
                    .filter(each -> !each.equals(directory))
                    .toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private void look() throws IOException {
        var effects = units.effects();
        for (var effect : effects.subList(looked, effects.size())) {
            require(effect.token() >= newest.getOrDefault(effect.site(), 0L), "tokens of a site never go down", effect);
            newest.merge(effect.site(), effect.token(), Math::max);
            var holder = owner.putIfAbsent(effect.site() + " " + effect.token(), effect.job());
            require(holder == null || holder.equals(effect.job()), "a token is one job's", effect);
            require(!effect.phase().equals("apply") || applied.add(effect.job()), "a job is applied once", effect);
            require(!ends.containsKey(effect.job()), "a job that has ended does nothing more", effect);
        }
        looked = effects.size();
        for (var offer : offers) {
            agent.journal.find(offer.jobId()).filter(JobRecord::ended).ifPresent(record -> {
                var end = record.reports().getLast();
                var before = ends.putIfAbsent(record.id(), end.asSeen());
                require(before == null || before.equals(end.asSeen()), "an end stays", record);
            });
        }
        if (fault == Fault.NONE) {
            for (var site : newest.entrySet()) {
                require(agent.known(site.getKey()) >= site.getValue(), "the fence stands at the newest", site);
            }
        }
    }

    private void require(boolean holds, String rule, Object what) {
        if (!holds) {
            broken.add(rule + ": " + what);
        }
    }
}
