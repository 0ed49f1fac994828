package dev.athanor.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.lm.train.StepMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class TrainingMetersTest {

    @Test
    void exposesWhatTheStepsShow() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new TrainingMeters(registry);
        meters.step(new StepMetrics(1, 10, 3.5, 3.4, 0.001, 0.7, 4096, 0.5, 0.01, 8192, 0.4));
        meters.step(new StepMetrics(2, 10, 3.25, 3.3, 0.002, 0.6, 8192, 0.5, 0.01, 8192, 0.4));
        meters.validated(2, 3.75);
        assertThat(registry.scrape())
                .contains("athanor_train_loss 3.25")
                .contains("athanor_train_validation_loss 3.75")
                .contains("athanor_train_tokens_total 8192.0")
                .contains("athanor_train_grad_norm 0.6")
                .contains("athanor_train_learning_rate 0.002")
                .contains("athanor_train_mfu_ratio 0.4")
                .contains("athanor_train_tokens_per_second 8192.0")
                .contains("athanor_train_data_wait_seconds_total 0.02")
                .contains("athanor_train_step_seconds_count 2");
    }
}
