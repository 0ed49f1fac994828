package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * {@code finetune.classifier}: a classification head on a pretrained model.
 *
 * @param epochs at most this many passes over the training split
 * @param maxMinutes where above 0: the number of steps is lowered after a short measurement so that training takes about
 *     this long, validation and saving included
 * @param patience stop after this many epochs without a better validation score
 * @param maxTokens longer texts are cut at the end
 * @param metric validation score that picks the best checkpoint: {@code macro-f1}, {@code accuracy} or {@code loss}
 */
public record FinetuneSpec(
        int epochs,
        double maxMinutes,
        int patience,
        int batchSize,
        int maxTokens,
        double learningRate,
        double warmupRatio,
        double weightDecay,
        double dropout,
        double clipNorm,
        String metric,
        String precision,
        String device) {

    public static final FinetuneSpec DEFAULTS =
            new FinetuneSpec(6, 0, 2, 32, 128, 3e-4, 0.1, 0.01, 0.1, 1.0, "macro-f1", "bf16", "auto");

    public FinetuneSpec {
        Checks.range("epochs", epochs, 1, 10_000);
        Checks.range("maxMinutes", maxMinutes, 0, 100_000);
        Checks.range("patience", patience, 1, 10_000);
        Checks.range("batchSize", batchSize, 1, 65_536);
        Checks.range("maxTokens", maxTokens, 8, 1 << 20);
        Checks.range("learningRate", learningRate, 1e-9, 10);
        Checks.range("warmupRatio", warmupRatio, 0, 1);
        Checks.range("weightDecay", weightDecay, 0, 10);
        Checks.range("dropout", dropout, 0, 0.9);
        Checks.range("clipNorm", clipNorm, 0, 1e6);
        Checks.oneOf("metric", metric, List.of("macro-f1", "accuracy", "loss"));
        Checks.oneOf("precision", precision, List.of("bf16", "fp32"));
        Checks.that(device != null && device.matches("auto|cpu|gpu\\d*"), "device", device, "auto, cpu, gpu or gpuN");
    }
}
