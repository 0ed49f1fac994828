package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code trainer.pretrain}: a language model trained on token shards.
 *
 * @param policy licences and consent that all data must have: training is refused where the ledger of a corpus that the tokens
 *     are from violates it
 * @param steps optimizer steps; the schedule ends with them
 * @param maxMinutes where above 0: the number of steps is lowered after a short measurement so that training takes about
 *     this long; the number chosen is written to the checkpoint, so a resume keeps it
 * @param batchSize sequences per optimizer step
 * @param precision {@code bf16}, {@code fp32} or, on a GPU, {@code fp16} with loss scaling
 * @param device {@code cpu}, {@code gpu} (the first), {@code gpu1}, … or {@code auto}
 * @param learningRate peak, after warm-up
 * @param warmupSteps linear from 0, fewer than steps; null = a tenth of the steps, 100 at most
 * @param minLearningRateRatio the lowest learning rate, as a share of the peak: where linear, cosine and warmup-stable-decay end; step comes
 *     down towards it and does not reach it within the run; constant does not use it
 * @param clipNorm global gradient norm; 0 = off
 * @param checkpointEverySteps 0 = only at the end
 * @param validateEverySteps 0 = only at the end
 * @param schedule of the learning rate after the warm-up: {@code constant}, {@code linear}, {@code cosine}, {@code step} or
 *     {@code warmup-stable-decay}
 * @param microBatchSize sequences per forward and backward pass, a divisor of {@code batchSize}; gradients are added up; 0 = batchSize, or its share
 *     of {@code workers}. With dropout or experts the model depends on it, so that several workers need it given
 * @param workers processes that train together, as far as they are there; with the same {@code microBatchSize}, and without
 *     dropout and experts with any, the model is the same but for rounding
 * @param checkpoints which are kept
 * @param mixture share of each input {@code tokens}, {@code tokens-2}, … in the samples, of any sum; empty = by size
 * @param objective what the model is trained for
 * @param recompute compute activations again in the backward pass: less memory, a third more arithmetic
 * @param averageDecay where above 0: the model that is validated and handed in is an exponential moving average of the weights, with
 *     this decay a step (less in the first steps)
 * @param gradientNormsEverySteps how often norm and variance of each layer's gradients are told; 0 = never
 * @param validationTokens of the held-out text, scored at each validation, at most
 * @param maxSkippedBatches how many batches may be left out because training broke down on them, before the job fails
 */
public record PretrainSpec(
        ModelSpec model,
        IngestPolicy policy,
        int steps,
        double maxMinutes,
        int batchSize,
        String precision,
        String device,
        double learningRate,
        @Nullable Integer warmupSteps,
        double minLearningRateRatio,
        double weightDecay,
        double beta1,
        double beta2,
        double clipNorm,
        int checkpointEverySteps,
        int validateEverySteps,
        String schedule,
        int microBatchSize,
        int workers,
        CheckpointSpec checkpoints,
        SortedMap<String, Double> mixture,
        ObjectiveSpec objective,
        boolean recompute,
        double averageDecay,
        int gradientNormsEverySteps,
        long validationTokens,
        int maxSkippedBatches) {

    public static final PretrainSpec DEFAULTS = new PretrainSpec(
            ModelSpec.DEFAULTS,
            IngestPolicy.DEFAULTS,
            1000,
            0,
            16,
            "bf16",
            "auto",
            1e-3,
            null,
            0.1,
            0.1,
            0.9,
            0.95,
            1.0,
            200,
            200,
            "cosine",
            0,
            1,
            CheckpointSpec.DEFAULTS,
            new TreeMap<>(),
            ObjectiveSpec.DEFAULTS,
            false,
            0,
            0,
            65_536,
            3);

    public PretrainSpec {
        Checks.present("model", model);
        Checks.present("policy", policy);
        Checks.range("steps", steps, 1, 100_000_000);
        Checks.range("maxMinutes", maxMinutes, 0, 100_000);
        Checks.range("batchSize", batchSize, 1, 65_536);
        Checks.oneOf("precision", precision, List.of("bf16", "fp32", "fp16"));
        Checks.that(device != null && device.matches("auto|cpu|gpu\\d*"), "device", device, "auto, cpu, gpu or gpuN");
        Checks.that(
                !precision.equals("fp16") || !device.equals("cpu"),
                "precision",
                precision,
                "bf16 or fp32 on a processor, which has no fast arithmetic for fp16");
        Checks.range("learningRate", learningRate, 1e-9, 10);
        Checks.that(
                warmupSteps == null || (warmupSteps >= 0 && warmupSteps < steps),
                "warmupSteps",
                warmupSteps,
                "0 or more, and fewer than steps (" + steps + ")");
        Checks.range("minLearningRateRatio", minLearningRateRatio, 0, 1);
        Checks.range("weightDecay", weightDecay, 0, 10);
        Checks.range("beta1", beta1, 0, 0.99999);
        Checks.range("beta2", beta2, 0, 0.99999999);
        Checks.range("clipNorm", clipNorm, 0, 1e6);
        Checks.range("checkpointEverySteps", checkpointEverySteps, 0, 100_000_000);
        Checks.range("validateEverySteps", validateEverySteps, 0, 100_000_000);
        Checks.oneOf("schedule", schedule, List.of("constant", "linear", "cosine", "step", "warmup-stable-decay"));
        Checks.that(
                microBatchSize == 0 || (microBatchSize > 0 && batchSize % microBatchSize == 0),
                "microBatchSize",
                microBatchSize,
                "0 or a divisor of batchSize (" + batchSize + ")");
        Checks.range("workers", workers, 1, 1024);
        Checks.that(
                microBatchSize == 0 ? batchSize % workers == 0 : batchSize / microBatchSize >= workers,
                "workers",
                workers,
                microBatchSize == 0
                        ? "a divisor of batchSize (" + batchSize + "), or a microBatchSize"
                        : "at most the micro-batches of a step (" + batchSize / microBatchSize + ")");
        Checks.that(
                workers == 1
                        || microBatchSize > 0
                        || (model.dropout() == 0 && model.experts().count() == 0),
                "microBatchSize",
                microBatchSize,
                "at least 1 for several workers that train with dropout or experts: the model depends on it");
        Checks.present("checkpoints", checkpoints);
        Checks.that(
                validateEverySteps > 0 || !checkpoints.needsValidation(),
                "validateEverySteps",
                validateEverySteps,
                "at least 1 for checkpoints.keepBest and checkpoints.handIn 'best'");
        Checks.present("mixture", mixture);
        mixture = Collections.unmodifiableSortedMap(new TreeMap<>(mixture));
        mixture.forEach((role, share) -> {
            Checks.that(role.matches("tokens(-[2-8])?"), "mixture", role, "tokens, or tokens-2 to tokens-8");
            Checks.range("mixture." + role, share, 1e-6, 1e6);
        });
        Checks.that(
                !schedule.equals("step") || minLearningRateRatio > 0,
                "minLearningRateRatio",
                minLearningRateRatio,
                "above 0 for schedule step");
        Checks.present("objective", objective);
        Checks.that(
                !model.ofInput() || model.equals(ModelSpec.OF_INPUT),
                "model",
                "style input with more beside it",
                "style input alone: all else is the input's");
        Checks.that(
                model.ofInput() || objective.needsEncoder() == model.encodes(),
                "objective",
                objective.kind(),
                model.encodes()
                        ? "masked, next-sentence or masked-next-sentence for an encoder, whose positions see the next token"
                        : "causal for a decoder, whose positions see nothing after them; style bert or stack encoder sees all");
        Checks.that(
                model.ofInput() || !objective.hasSentencePairs() || model.size().context() >= 16,
                "model.context",
                model.context(),
                "at least 16 for two stretches of text");
        Checks.range("averageDecay", averageDecay, 0, 0.999999);
        Checks.range("gradientNormsEverySteps", gradientNormsEverySteps, 0, 100_000_000);
        Checks.range("validationTokens", validationTokens, 1, 1_000_000_000_000L);
        Checks.range("maxSkippedBatches", maxSkippedBatches, 0, 10_000);
    }

    /** As given, or the usual number for so many steps. */
    public int warmup() {
        return warmupSteps == null ? Math.min(100, steps / 10) : warmupSteps;
    }
}
