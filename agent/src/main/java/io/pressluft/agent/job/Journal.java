package io.pressluft.agent.job;

import io.pressluft.agent.disk.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Every job this node has taken: one directory a job with its record and its runs. What {@link #update} returned is on
 * the disk, synced. A closed job keeps its record for a while, to answer repeats, and loses its runs at once.
 */
public final class Journal {

    private static final Logger LOG = Logger.getLogger(Journal.class.getName());
    private static final Duration MEMORY = Duration.ofDays(30);
    private static final String RECORD = "record.json";
    private static final String CANCELLED = "cancelled";

    private final Path directory;
    private final Map<String, JobRecord> records = new ConcurrentHashMap<>();

    public Journal(Path directory) throws IOException {
        this.directory = directory;
        DurableFile.directory(directory);
        try (var jobs = Files.newDirectoryStream(directory, "job_*")) {
            for (var job : jobs) {
                load(job);
            }
        }
    }

    /** A directory without a record is a job that was never accepted. */
    private void load(Path job) throws IOException {
        var file = job.resolve(RECORD);
        if (!Files.exists(file)) {
            remove(job);
            return;
        }
        var record = JobRecordJson.read(Files.readString(file));
        records.put(record.id(), record);
    }

    public Optional<JobRecord> find(String jobId) {
        return Optional.ofNullable(records.get(jobId));
    }

    /** Jobs that the control plane does not know to have ended, those that hold a site longest first. */
    public List<JobRecord> open() {
        return records.values().stream()
                .filter(record -> record.stage() != JobStage.CLOSED)
                .sorted(Comparator.comparingLong(
                                (JobRecord record) -> record.order().token())
                        .thenComparing(JobRecord::id))
                .toList();
    }

    /** Another job of the site with the same token, if this node ever took one. */
    Optional<JobRecord> holder(String siteId, long token) {
        return records.values().stream()
                .filter(record -> record.order().siteId().equals(siteId))
                .filter(record -> record.order().token() == token)
                .findFirst();
    }

    synchronized void add(JobRecord record) throws IOException {
        DurableFile.directory(directory.resolve(record.id()));
        save(record);
        log(record, "none", "offer");
    }

    synchronized JobRecord update(String jobId, String trigger, UnaryOperator<JobRecord> change) throws IOException {
        var before = records.get(jobId);
        if (before == null) {
            throw new IllegalArgumentException("unknown job " + jobId);
        }
        var after = change.apply(before);
        if (!after.equals(before)) {
            save(after);
        }
        if (after.stage() != before.stage()) {
            log(after, before.stage().name(), trigger);
        }
        if (after.stage() == JobStage.CLOSED && before.stage() != JobStage.CLOSED) {
            removeRuns(after);
            prune(after.changedAt());
        }
        return after;
    }

    /** Exists once the job has been told to end without its change. Its runs look for it before every step. */
    Path cancelFile(String jobId) {
        return directory.resolve(jobId).resolve(CANCELLED);
    }

    boolean cancelled(String jobId) {
        return Files.exists(cancelFile(jobId));
    }

    /** Remembers that the job is not wanted any more. */
    synchronized void cancel(String jobId) throws IOException {
        if (find(jobId).filter(record -> !record.stage().ended()).isPresent() && !cancelled(jobId)) {
            DurableFile.write(cancelFile(jobId), "");
        }
    }

    public Path runDirectory(JobRecord record, RunRecord run) {
        return directory.resolve(record.id()).resolve(run.directory());
    }

    /** Forgets what was closed long ago. */
    public synchronized void prune(Instant now) throws IOException {
        for (var record : List.copyOf(records.values())) {
            if (record.stage() == JobStage.CLOSED
                    && record.changedAt().plus(MEMORY).isBefore(now)) {
                records.remove(record.id());
                remove(directory.resolve(record.id()));
            }
        }
    }

    private void save(JobRecord record) throws IOException {
        DurableFile.write(directory.resolve(record.id()).resolve(RECORD), JobRecordJson.write(record));
        records.put(record.id(), record);
    }

    private void removeRuns(JobRecord record) throws IOException {
        for (var run : record.runs()) {
            remove(runDirectory(record, run));
        }
    }

    private static void remove(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            paths.sorted(Comparator.reverseOrder()).forEach(Journal::delete);
        } catch (UncheckedIOException e) {
            throw new IOException("cannot remove " + tree, e);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void log(JobRecord record, String from, String trigger) {
        LOG.log(Level.INFO, "job={0} site={1} from={2} to={3} trigger={4}", new Object[] {
            record.id(), record.order().siteId(), from, record.stage(), trigger
        });
    }
}
