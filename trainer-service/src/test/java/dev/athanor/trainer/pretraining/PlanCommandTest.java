package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanCommandTest {

    @Test
    void aJobIsPlannedFromItsSpecification() {
        Map<String, Object> plan = PlanCommand.plan(
                "{\"model\": {\"preset\": \"gpt2-124m\"}, \"steps\": 10, \"batchSize\": 4, \"precision\": \"fp32\"}",
                50_257,
                1.2e10);
        assertThat(plan)
                .containsEntry("parameters", 124_439_808L)
                .containsEntry("tokens", 10L * 4 * 1024)
                .containsEntry("weightsAndOptimizerBytes", 124_439_808L * 16)
                .containsEntry("computeOptimalTokens", 124_439_808L * 20)
                .containsEntry("computeOptimalParametersOfBudget", 10_000L)
                .containsEntry("computeOptimalTokensOfBudget", 200_000L);
    }

    @Test
    void whatTheJobAsksForCounts() {
        String model = "{\"model\": {\"preset\": \"llama-10m\"}";
        Map<String, Object> plain = PlanCommand.plan(model + "}", 8192, 0);
        Map<String, Object> again = PlanCommand.plan(model + ", \"recompute\": true, \"averageDecay\": 0.99}", 8192, 0);
        assertThat((Long) again.get("activationBytes")).isLessThan((Long) plain.get("activationBytes") / 2);
        assertThat((Long) again.get("weightsAndOptimizerBytes"))
                .isEqualTo((Long) plain.get("weightsAndOptimizerBytes") / 20 * 24);
        assertThat((Long) plain.get("checkpointCopyBytes")).isEqualTo(12 * (Long) plain.get("parameters"));
        Map<String, Object> shared = PlanCommand.plan(model + ", \"workers\": 4}", 8192, 0);
        assertThat((Long) shared.get("checkpointCopyBytes")).isEqualTo(3 * (Long) plain.get("parameters"));
    }

    @Test
    void aFaultySpecificationIsRefused() {
        assertThatThrownBy(() -> PlanCommand.plan("{\"model\": {\"style\": \"bert\"}}", 100, 0))
                .hasMessageContaining("objective");
    }
}
