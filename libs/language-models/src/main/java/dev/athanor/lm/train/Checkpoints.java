package dev.athanor.lm.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a run in one {@link TrainingState} file a checkpoint, with the step as metadata, from which schedule, random numbers and data position follow. The newest two are kept.
 */
final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final String PREFIX = "checkpoint-";
    private static final String PLAN = "planned-steps.txt";
    private static final String SKIPPED = "skipped-batches.txt";
    private static final int KEPT = 2;

    private final CheckpointStore store;
    private final Path workFolder;
    private final String fingerprint;

    /**
     * What is not a tensor.
     *
     * @param step steps done
     */
    record Progress(long step, double lossAverage) {}

    /** @param fingerprint names what a checkpoint must agree with to be resumed from: configuration, seed, data */
    Checkpoints(CheckpointStore store, Path workFolder, String fingerprint) {
        this.store = store;
        this.workFolder = workFolder;
        this.fingerprint = fingerprint;
    }

    /** The number of steps that an earlier attempt settled on. */
    OptionalLong plannedSteps() throws IOException {
        if (store.list(PLAN).isEmpty()) {
            return OptionalLong.empty();
        }
        Path file = fresh(PLAN);
        store.fetch(PLAN, file);
        return OptionalLong.of(
                Long.parseLong(Files.readString(file, StandardCharsets.UTF_8).strip()));
    }

    void publishPlannedSteps(long steps) throws IOException {
        Path file = fresh(PLAN);
        Files.writeString(file, Long.toString(steps), StandardCharsets.UTF_8);
        store.publish(PLAN, file);
    }

    /** Batches that earlier attempts left out. */
    SortedSet<Long> skippedBatches() throws IOException {
        var skipped = new TreeSet<Long>();
        if (!store.list(SKIPPED).isEmpty()) {
            Path file = fresh(SKIPPED);
            store.fetch(SKIPPED, file);
            Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .map(Long::parseLong)
                    .forEach(skipped::add);
        }
        return skipped;
    }

    void publishSkippedBatches(SortedSet<Long> skipped) throws IOException {
        Path file = fresh(SKIPPED);
        Files.write(file, skipped.stream().map(String::valueOf).toList(), StandardCharsets.UTF_8);
        store.publish(SKIPPED, file);
    }

    void publish(Progress progress, TrainedWeights weights) throws IOException {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put("step", Long.toString(progress.step));
        metadata.put("loss_average", Double.toHexString(progress.lossAverage));
        metadata.put("fingerprint", fingerprint);
        String name = String.format(Locale.ROOT, "%s%010d.safetensors", PREFIX, progress.step);
        Path file = fresh(name);
        TrainingState.write(file, weights, metadata);
        store.publish(name, file);
        Files.deleteIfExists(file);
        List<String> names = store.list(PREFIX);
        for (String old : names.subList(0, Math.max(0, names.size() - KEPT))) {
            store.delete(old);
        }
    }

    /** Loads the newest readable checkpoint into the weights; step 0 if there is none. */
    Progress resume(TrainedWeights weights) throws IOException {
        List<String> names = store.list(PREFIX).reversed();
        for (String name : names) {
            Path file = fresh(name);
            try {
                store.fetch(name, file);
                return load(file, weights);
            } catch (IOException e) {
                LOG.warn("checkpoint {} cannot be read, trying the one before: {}", name, e.getMessage());
            } finally {
                Files.deleteIfExists(file);
            }
        }
        return new Progress(0, Double.NaN);
    }

    private Progress load(Path file, TrainedWeights weights) throws IOException {
        try (var checkpoint = new TrainingState.Reader(file)) {
            String found = checkpoint.metadata().getOrDefault("fingerprint", "");
            if (!found.equals(fingerprint)) {
                throw new IllegalStateException(
                        "the checkpoint belongs to another run:\n  it has   " + found + "\n  expected " + fingerprint);
            }
            checkpoint.into(weights);
            return new Progress(
                    Long.parseLong(checkpoint.metadata().getOrDefault("step", "")),
                    Double.parseDouble(checkpoint.metadata().getOrDefault("loss_average", "NaN")));
        }
    }

    private Path fresh(String name) throws IOException {
        Path file = workFolder.resolve("working-" + name);
        Files.deleteIfExists(file);
        return file;
    }
}
