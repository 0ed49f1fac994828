package dev.athanor.lm.train;

import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.format.SafetensorsFile;
import dev.athanor.lm.train.CheckpointManifest.Part;
import dev.athanor.lm.train.CheckpointManifest.Shard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints of a run: each process writes the tensors that it owns, from a copy, while training goes on; when all have, the first
 * publishes the {@link CheckpointManifest}. One is written at a time.
 */
final class Checkpoints implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final String PREFIX = "checkpoint-";
    private static final String MANIFEST = ".json";
    private static final String PART = ".part.json";
    private static final String PLAN = "planned-steps.txt";
    private static final String SKIPPED = "skipped-batches.txt";
    private static final String TRIAL = "trial-";
    /** Tensors of about so many bytes are written for a trial. */
    private static final long TRIAL_BYTES = 1L << 25;

    private static final long SHARD_BYTES = 1L << 30;
    /** How long the first process waits for what the others write. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final CheckpointStore store;
    private final CheckpointFiles files;
    private final CheckpointPolicy policy;
    private final CheckpointRetention retention;
    private final String fingerprint;
    private final DataParallel team;
    private final TrainingLedger ledger;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("checkpoints").factory());
    private @Nullable Future<?> underWay;
    private volatile boolean closed;

    /**
     * What is not a tensor.
     *
     * @param step steps done
     * @param consumed batches that the weights have seen
     */
    record Progress(long step, double lossAverage, List<ConsumedBatches> consumed) {

        static final Progress NONE = new Progress(0, Double.NaN, List.of());
    }

    /** @param fingerprint names what a checkpoint must agree with to be resumed from: configuration, seed, data */
    Checkpoints(
            CheckpointStore store,
            Path workFolder,
            String fingerprint,
            CheckpointPolicy policy,
            DataParallel team,
            TrainingLedger ledger) {
        this.store = store;
        this.files = new CheckpointFiles(store, workFolder, SHARD_BYTES);
        this.policy = policy;
        this.retention = new CheckpointRetention(store, policy);
        this.fingerprint = fingerprint;
        this.team = team;
        this.ledger = ledger;
    }

    /** The number of steps that an earlier attempt settled on. */
    OptionalLong plannedSteps() throws IOException {
        if (store.list(PLAN).isEmpty()) {
            return OptionalLong.empty();
        }
        Path file = files.fresh(PLAN);
        store.fetch(PLAN, file);
        return OptionalLong.of(
                Long.parseLong(Files.readString(file, StandardCharsets.UTF_8).strip()));
    }

    void publishPlannedSteps(long steps) throws IOException {
        if (!team.isFirst()) {
            return;
        }
        Path file = files.fresh(PLAN);
        Files.writeString(file, Long.toString(steps), StandardCharsets.UTF_8);
        store.publish(PLAN, file);
    }

    /**
     * What it takes this process to write a checkpoint, from a part of it that is written, published and deleted again.
     *
     * @return seconds
     */
    double trial(TrainedWeights weights) throws IOException {
        List<SafetensorsFile.Source> all = TrainingState.sources(weights);
        long bytes = 0;
        var some = new ArrayList<SafetensorsFile.Source>();
        for (SafetensorsFile.Source source : all) {
            if (bytes < TRIAL_BYTES) {
                some.add(source);
                bytes += source.byteSize();
            }
        }
        if (bytes == 0) {
            return 0;
        }
        long start = System.nanoTime();
        List<Shard> written = files.write(TRIAL + team.rank() + "of" + team.size() + "-", some, policy.compress());
        double seconds = (System.nanoTime() - start) * 1e-9;
        for (Shard shard : written) {
            store.delete(shard.file());
        }
        return seconds
                * all.stream().mapToLong(SafetensorsFile.Source::byteSize).sum()
                / bytes;
    }

    /** Batches that earlier attempts left out. */
    SortedSet<Long> skippedBatches() throws IOException {
        var skipped = new TreeSet<Long>();
        if (!store.list(SKIPPED).isEmpty()) {
            Path file = files.fresh(SKIPPED);
            store.fetch(SKIPPED, file);
            Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .map(Long::parseLong)
                    .forEach(skipped::add);
        }
        return skipped;
    }

    void publishSkippedBatches(SortedSet<Long> skipped) throws IOException {
        if (!team.isFirst()) {
            return;
        }
        Path file = files.fresh(SKIPPED);
        Files.write(file, skipped.stream().map(String::valueOf).toList(), StandardCharsets.UTF_8);
        store.publish(SKIPPED, file);
    }

    /**
     * Begins to write a checkpoint, from a copy; waits for the one before.
     *
     * @param validationLoss measured after this step, or NaN
     */
    void begin(Progress progress, double validationLoss, TrainedWeights weights) throws IOException {
        finish();
        var copy = new TrainingState.Copy(weights);
        underWay = writer.submit(() -> {
            try (copy) {
                write(progress, validationLoss, copy);
            }
            return null;
        });
    }

    /** Waits for the checkpoint that is being written; in the first process it is then published. */
    void finish() throws IOException {
        Future<?> last = underWay;
        underWay = null;
        if (last == null) {
            return;
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    last.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case IOException io -> throw io;
                        case RuntimeException unchecked -> throw unchecked;
                        case null, default -> throw new IllegalStateException(e.getCause());
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(Progress progress, double validationLoss, TrainingState.Copy copy)
            throws IOException, InterruptedException {
        String name = String.format(Locale.ROOT, "%s%010d", PREFIX, progress.step);
        String common = name + "-g" + ledger.generation() + "-";
        List<Shard> shards = new ArrayList<>(
                files.write(common + team.rank() + "of" + team.size() + "-", copy.sources(), policy.compress()));
        if (!team.isFirst()) {
            publish(part(common, team.rank()), new Part(shards));
            return;
        }
        for (int rank = 1; rank < team.size(); rank++) {
            shards.addAll(await(part(common, rank)).shards());
        }
        var manifest = new CheckpointManifest(
                progress.step,
                Double.toHexString(progress.lossAverage),
                Double.isNaN(validationLoss) ? null : validationLoss,
                fingerprint,
                progress.consumed,
                shards);
        ledger.commit(progress.step, progress.consumed, () -> publish(name + MANIFEST, manifest));
        retention.apply(files);
    }

    private String part(String common, int rank) {
        return common + rank + "of" + team.size() + PART;
    }

    private void publish(String name, Object content) throws IOException {
        Path file = files.fresh(name);
        CheckpointManifest.write(file, content);
        store.publish(name, file);
        Files.deleteIfExists(file);
    }

    private Part await(String name) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (store.list(name).isEmpty()) {
            if (closed) {
                throw new IOException("training ended before all had written their parts of a checkpoint");
            }
            if (team.aborted()) {
                throw new PeerLostException("write a checkpoint");
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("another process has not written its part of the checkpoint: " + name);
            }
            Thread.sleep(20);
        }
        Path file = files.fresh(name);
        store.fetch(name, file);
        Part part = CheckpointManifest.read(file, Part.class);
        store.delete(name);
        return part;
    }

    /** Loads the newest readable checkpoint into the weights; all processes load the same. */
    Progress resume(TrainedWeights weights) throws IOException {
        finish();
        List<Long> steps = team.isFirst() ? retention.steps().reversed() : List.of();
        for (int i = 0; ; i++) {
            long step = team.ofFirst(i < steps.size() ? steps.get(i) : -1);
            if (step < 0) {
                return resumed(Progress.NONE);
            }
            var open = new Opened();
            try (open) {
                IOException failure = null;
                try {
                    open.open(step, weights);
                } catch (IOException e) {
                    LOG.warn("checkpoint of step {} cannot be read, trying the one before: {}", step, e.getMessage());
                    failure = e;
                }
                if (team.max(failure == null ? 0 : 1)[0] == 0) {
                    return resumed(open.load(weights));
                }
            }
        }
    }

    private Progress resumed(Progress progress) throws IOException {
        if (team.isFirst()) {
            ledger.resumed(progress.consumed);
        }
        return progress;
    }

    /** Checked files of a checkpoint that hold tensors of this process. */
    private final class Opened implements AutoCloseable {

        private final List<Path> paths = new ArrayList<>();
        private final List<SafetensorsFile> open = new ArrayList<>();
        private final Map<String, SafetensorsFile.Tensor> tensors = new HashMap<>();
        private @Nullable CheckpointManifest manifest;

        void open(long step, TrainedWeights weights) throws IOException {
            String name = String.format(Locale.ROOT, "%s%010d%s", PREFIX, step, MANIFEST);
            Path file = files.fresh(name);
            store.fetch(name, file);
            manifest = CheckpointManifest.read(file, CheckpointManifest.class);
            if (!manifest.fingerprint().equals(fingerprint)) {
                throw new IllegalStateException("the checkpoint belongs to another run:\n  it has   "
                        + manifest.fingerprint() + "\n  expected " + fingerprint);
            }
            Map<String, NDArray> arrays = TrainingState.arrays(weights);
            for (Shard shard : manifest.shards()) {
                if (shard.tensors().stream().anyMatch(arrays::containsKey)) {
                    Path path = files.fetch(shard);
                    paths.add(path);
                    SafetensorsFile opened = SafetensorsFile.open(path);
                    open.add(opened);
                    tensors.putAll(opened.tensors());
                }
            }
            for (Map.Entry<String, NDArray> array : arrays.entrySet()) {
                SafetensorsFile.Tensor tensor = tensors.get(array.getKey());
                if (tensor == null || tensor.bytes().byteSize() != RawData.byteSize(array.getValue())) {
                    throw new IOException(
                            "tensor '" + array.getKey() + "' is missing or has another size than the model's");
                }
            }
        }

        Progress load(TrainedWeights weights) {
            CheckpointManifest from = java.util.Objects.requireNonNull(manifest);
            TrainingState.arrays(weights)
                    .forEach((name, array) -> RawData.write(
                            array,
                            target -> target.copyFrom(java.util.Objects.requireNonNull(tensors.get(name))
                                    .bytes())));
            weights.mastersChanged();
            weights.share();
            return new Progress(from.step(), from.average(), from.consumed());
        }

        @Override
        public void close() throws IOException {
            open.forEach(SafetensorsFile::close);
            for (Path path : paths) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Files of this process that are being written are finished; other processes are not waited for. */
    @Override
    public void close() {
        closed = true;
        writer.close();
    }
}
