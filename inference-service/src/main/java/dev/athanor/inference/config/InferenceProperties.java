package dev.athanor.inference.config;

import dev.athanor.contracts.error.Checks;
import dev.athanor.inference.batching.BatchLimits;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code athanor.inference.*}.
 *
 * @param device {@code auto}, {@code cpu}, {@code gpu}, {@code gpu1}, …
 * @param precision {@code fp32}, or {@code bf16}: faster where the processor has it, probabilities off by about 1e-3
 * @param timeout after which a request is given up
 * @param batching see {@link BatchLimits}
 * @param generation of language models
 */
@ConfigurationProperties("athanor.inference")
public record InferenceProperties(
        @DefaultValue("auto") String device,
        @DefaultValue("fp32") String precision,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue Batching batching,
        @DefaultValue Generation generation) {

    /** As {@link BatchLimits}. */
    public record Batching(
            @DefaultValue("64") int maxBatch,
            @DefaultValue("8192") int maxTokens,
            @DefaultValue("2ms") Duration maxDelay,
            @DefaultValue("2048") int maxQueue) {

        BatchLimits limits() {
            return new BatchLimits(maxBatch, maxTokens, maxDelay, maxQueue);
        }
    }

    /**
     * @param models that are kept in memory
     * @param queue how many requests may wait for their turn
     * @param timeout after which a request is given up
     */
    public record Generation(
            @DefaultValue("1") int models,
            @DefaultValue("64") int queue,
            @DefaultValue("120s") Duration timeout) {

        public Generation {
            Checks.range("athanor.inference.generation.models", models, 1, 64);
            Checks.range("athanor.inference.generation.queue", queue, 1, 100_000);
            Checks.that(timeout.isPositive(), "athanor.inference.generation.timeout", timeout, "a duration above 0");
        }
    }

    public InferenceProperties {
        Checks.that(device.matches("auto|cpu|gpu\\d*"), "athanor.inference.device", device, "auto, cpu, gpu or gpuN");
        Checks.oneOf("athanor.inference.precision", precision, List.of("fp32", "bf16"));
        Checks.that(timeout.isPositive(), "athanor.inference.timeout", timeout, "a duration above 0");
    }
}
