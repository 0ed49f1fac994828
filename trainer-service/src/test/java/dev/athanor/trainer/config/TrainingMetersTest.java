package dev.athanor.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.lm.train.GradientStatistics;
import dev.athanor.lm.train.StepMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrainingMetersTest {

    @Test
    void exposesWhatTheStepsShow() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new TrainingMeters(registry);
        meters.step(metrics(1, 3.5, 3.4, 0.001, 0.7));
        meters.step(metrics(2, 3.25, 3.3, 0.002, 0.6));
        meters.validated(2, 3.75);
        meters.rolledBack(3, 2, "a jump");
        meters.experts(2, List.of(new double[] {0.25, 0.25, 0.5, 0}, new double[] {0.25, 0.25, 0.25, 0.25}));
        meters.gradients(
                2,
                new TreeMap<>(Map.of(
                        "layers.0", new GradientStatistics(4, 2, 9),
                        "tokens", new GradientStatistics(8, 0, 16))));
        assertThat(registry.scrape())
                .contains("athanor_train_loss 3.25")
                .contains("athanor_train_validation_loss 3.75")
                .contains("athanor_train_tokens_total 8192.0")
                .contains("athanor_train_grad_norm 0.6")
                .contains("athanor_train_learning_rate 0.002")
                .contains("athanor_train_mfu_ratio 0.4")
                .contains("athanor_train_tokens_per_second 8192.0")
                .contains("athanor_train_data_wait_seconds_total 0.02")
                .contains("athanor_train_step_seconds_count 2")
                .contains("athanor_train_loss_average 3.3")
                .contains("athanor_train_perplexity " + Math.exp(3.25))
                .contains("athanor_train_energy_joules_total 24.0")
                .contains("athanor_train_memory_bytes 1.0E9")
                .contains("athanor_train_device_memory_bytes 0.0")
                .contains("athanor_train_rollbacks_total 1.0")
                .contains("athanor_train_expert_load_max 2.0")
                .contains("athanor_train_part_grad_norm{part=\"layers.0\"} 3.0")
                .contains("athanor_train_part_grad_variance{part=\"layers.0\"} 2.0")
                .contains("athanor_train_part_grad_norm{part=\"tokens\"} 4.0");
    }

    /** A model of a hundred thousand layers must not become as many series; those of the run before go. */
    @Test
    void partsAreBounded() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new TrainingMeters(registry);
        meters.gradients(1, new TreeMap<>(Map.of("positions", new GradientStatistics(1, 1, 1))));
        var many = new TreeMap<String, GradientStatistics>();
        for (int i = 0; i < 300; i++) {
            many.put("layers." + i, new GradientStatistics(1, 1, 1));
        }
        meters.gradients(2, many);
        assertThat(registry.scrape().split("athanor_train_part_grad_norm\\{", -1))
                .hasSize(101);
        assertThat(registry.scrape()).doesNotContain("positions");
    }

    private static StepMetrics metrics(long step, double loss, double average, double learningRate, double norm) {
        return new StepMetrics(
                step,
                10,
                loss,
                loss,
                Double.NaN,
                average,
                learningRate,
                norm,
                step * 4096,
                0.5,
                0.01,
                8192,
                0.4,
                12,
                1_000_000_000,
                0);
    }
}
