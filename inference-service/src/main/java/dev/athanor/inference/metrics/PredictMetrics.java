package dev.athanor.inference.metrics;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.inference.serving.ServingListener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code athanor_predict_seconds{outcome}} of whole requests, and of their parts {@code athanor_predict_tokenize_seconds} (a
 * request), {@code athanor_predict_queue_seconds} (a text), {@code athanor_predict_compute_seconds} and
 * {@code athanor_predict_batch_size} (a batch).
 */
public final class PredictMetrics implements ServingListener {

    private static final Duration[] BUCKETS = {
        millis(1),
        millis(2),
        millis(5),
        millis(10),
        millis(20),
        millis(50),
        millis(100),
        millis(200),
        millis(500),
        millis(1000),
        millis(2000),
        millis(5000),
        millis(10_000)
    };

    private final MeterRegistry registry;
    private final Timer tokenize;
    private final Timer queue;
    private final Timer compute;
    private final DistributionSummary batchSize;

    public PredictMetrics(MeterRegistry registry) {
        this.registry = registry;
        timer("ok");
        tokenize = timer("athanor.predict.tokenize", "Tokenizing the texts of a request")
                .register(registry);
        queue = timer("athanor.predict.queue", "From a text's arrival to the start of its batch")
                .register(registry);
        compute = timer("athanor.predict.compute", "The model's pass over a batch")
                .register(registry);
        batchSize = DistributionSummary.builder("athanor.predict.batch.size")
                .description("Texts in a batch")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128)
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
        } finally {
            timer(outcome).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void tokenized(long nanos) {
        tokenize.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void waited(long nanos) {
        queue.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void computed(int sequences, long nanos) {
        compute.record(nanos, TimeUnit.NANOSECONDS);
        batchSize.record(sequences);
    }

    private Timer timer(String outcome) {
        return timer("athanor.predict", "Whole requests")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Timer.Builder timer(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
