package dev.athanor.lm.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What makes files a checkpoint; published last, so that a checkpoint is there whole or not at all. Schedule, random numbers and
 * data position follow from the step.
 *
 * @param step steps done
 * @param lossAverage a hexadecimal floating-point number, exact
 * @param lastLoss likewise
 * @param lossVariance likewise
 * @param validationLoss where the checkpoint was taken at a validation
 * @param fingerprint what a run must agree with to go on from here
 * @param consumed the batches that the weights have seen, in order
 * @param shards safetensors files that together hold every tensor once
 */
record CheckpointManifest(
        long step,
        String lossAverage,
        String lastLoss,
        String lossVariance,
        @Nullable Double validationLoss,
        String fingerprint,
        List<ConsumedBatches> consumed,
        List<Shard> shards) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * @param file name in the store; compressed by zstd if it ends in {@code .zst}
     * @param bytes size of the file
     * @param tensors names of those in it
     */
    record Shard(String file, long bytes, String sha256, List<String> tensors) {}

    /** What one process wrote. */
    record Part(List<Shard> shards) {}

    CheckpointManifest {
        consumed = List.copyOf(consumed);
        shards = List.copyOf(shards);
    }

    Checkpoints.Progress progress() {
        return new Checkpoints.Progress(
                step,
                new LossTrend(
                        Double.parseDouble(lossAverage),
                        Double.parseDouble(lastLoss),
                        Double.parseDouble(lossVariance)),
                validationLoss == null ? Double.NaN : validationLoss,
                consumed);
    }

    static void write(Path file, Object value) throws IOException {
        Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value));
    }

    static <T> T read(Path file, Class<T> type) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(file), type);
        } catch (JacksonException e) {
            throw new IOException(file.getFileName() + " is not a checkpoint's manifest: " + e.getOriginalMessage(), e);
        }
    }
}
