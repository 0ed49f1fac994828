package dev.athanor.stage.metrics;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** Counts what the stages of this service do. */
public class StageMetrics {

    private static final String DROPPED = "documents.dropped.";

    private final MeterRegistry registry;

    public StageMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts of a finished task: {@code documents} (kept) and {@code documents.dropped.<reason>} are documents. */
    public void counted(StageType stage, Map<String, Long> counts) {
        counts.forEach((key, value) -> {
            if (key.equals("documents")) {
                counter(Metric.DOCUMENTS, stage.id(), "kept", "none").increment(value);
            } else if (key.startsWith(DROPPED)) {
                counter(Metric.DOCUMENTS, stage.id(), "dropped", key.substring(DROPPED.length()))
                        .increment(value);
            }
        });
    }

    public void task(StageType stage, String outcome) {
        counter(Metric.TASKS, stage.id(), outcome).increment();
    }

    public void taskTime(StageType stage, String phase, Duration time) {
        Timer.builder(Metric.TASK_SECONDS.meterName())
                .description(Metric.TASK_SECONDS.description())
                .tags(tags(Metric.TASK_SECONDS, stage.id(), phase))
                .register(registry)
                .record(time);
    }

    public void run(StageType stage, String outcome) {
        counter(Metric.RUNS, stage.id(), outcome).increment();
    }

    public void deadLettered(String service, ErrorCode reason) {
        counter(Metric.DEAD_LETTERS, service, reason.slug()).increment();
    }

    public void gauge(Metric metric, Supplier<Number> value) {
        Gauge.builder(metric.meterName(), value)
                .description(metric.description())
                .register(registry);
    }

    private Counter counter(Metric metric, String... values) {
        return Counter.builder(metric.meterName())
                .description(metric.description())
                .tags(tags(metric, values))
                .register(registry);
    }

    private static Tags tags(Metric metric, String... values) {
        String[] labels = metric.labels();
        Tags tags = Tags.empty();
        for (int i = 0; i < labels.length; i++) {
            tags = tags.and(labels[i], values[i]);
        }
        return tags;
    }
}
