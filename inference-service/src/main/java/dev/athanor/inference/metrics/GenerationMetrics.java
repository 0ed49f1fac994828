package dev.athanor.inference.metrics;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@code athanor_generation_seconds{outcome}} of whole requests, their waiting included, and {@code athanor_generation_tokens_total}. */
public final class GenerationMetrics {

    private final MeterRegistry registry;
    private final Counter tokens;

    public GenerationMetrics(MeterRegistry registry) {
        this.registry = registry;
        timer("ok");
        tokens = Counter.builder("athanor.generation.tokens")
                .description("Tokens that language models have added to prompts")
                .register(registry);
    }

    /** Runs a request and counts it under the way it ended. */
    public <T> T timed(Supplier<T> request) {
        long begun = System.nanoTime();
        String outcome = ErrorCode.INTERNAL.slug();
        try {
            T answer = request.get();
            outcome = "ok";
            return answer;
        } catch (AthanorException e) {
            outcome = e.code().slug();
            throw e;
        } catch (CancellationException e) {
            outcome = "cancelled";
            throw e;
        } finally {
            timer(outcome).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    public void tokens(long count) {
        tokens.increment(count);
    }

    private Timer timer(String outcome) {
        return Timer.builder("athanor.generation")
                .description("Whole requests")
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(120))
                .tag("outcome", outcome)
                .register(registry);
    }
}
