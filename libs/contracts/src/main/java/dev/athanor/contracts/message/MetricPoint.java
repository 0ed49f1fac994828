package dev.athanor.contracts.message;

import dev.athanor.contracts.error.Checks;

/** One point of a job's metric series, e.g. {@code (loss, 120, 3.21)}; not-a-number and infinities are refused. */
public record MetricPoint(String name, long step, double value) {

    public MetricPoint {
        Checks.notBlank("name", name);
        Checks.that(Double.isFinite(value), "value", value, "a finite number");
    }
}
