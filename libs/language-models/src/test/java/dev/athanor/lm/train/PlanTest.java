package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Presets;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {

    @Test
    void knowsTheModelThatTheBenchmarksTrain() {
        Plan plan = Plan.of(ModelConfig.gpt2(8192, 256, 6, 6, 384).build(), Precision.BF16, 16);
        assertThat(plan.parameters()).isEqualTo(13_891_584);
        // 6 · (6·12·384² + 8192·384) + 12·6·384·256
        assertThat(plan.trainFlopsPerToken()).isCloseTo(6.0 * (10_616_832 + 3_145_728) + 7_077_888, within(1.0));
        assertThat(plan.stateBytes()).isEqualTo(13_891_584L * 20);
        assertThat(plan.activationBytes()).isBetween(200_000_000L, 1_000_000_000L);
        assertThat(plan.optimalTokens()).isEqualTo(277_831_680);
    }

    @Test
    void sharedLayersCountOncePerUseAndExpertsWhereTheyAreUsed() {
        ModelConfig plain = ModelConfig.gpt2(8192, 256, 6, 6, 384).build();
        Plan shared = Plan.of(plain.toBuilder().distinctLayers(1).build(), Precision.FP32, 1);
        assertThat(shared.activeParameters())
                .isEqualTo(Plan.of(plain, Precision.FP32, 1).activeParameters());
        assertThat(shared.parameters()).isLessThan(7_000_000);
        Plan experts = Plan.of(plain.toBuilder().experts(Experts.of(8, 1)).build(), Precision.FP32, 1);
        long router = 6L * 8 * 384;
        assertThat(experts.activeParameters())
                .isEqualTo(Plan.of(plain, Precision.FP32, 1).activeParameters() + router);
    }

    @Test
    void windowsCountAsFarAsTheyReach() {
        ModelConfig full = ModelConfig.llama(8192, 4096, 6, 6, 384).build();
        ModelConfig half = full.toBuilder()
                .attention(List.of(
                        LayerAttention.slidingWindow(256, Positions.ROTARY), LayerAttention.full(Positions.ROTARY)))
                .build();
        Plan ofFull = Plan.of(full, Precision.BF16, 1);
        Plan ofHalf = Plan.of(half, Precision.BF16, 1);
        assertThat(ofFull.trainFlopsPerToken() - ofHalf.trainFlopsPerToken()).isEqualTo(12.0 * 384 * 3 * (4096 - 256));
        // Blocks of 128 see two before them; the weights and their sums, of 6 heads in 2 bytes.
        assertThat(ofFull.activationBytes() - ofHalf.activationBytes())
                .isEqualTo(4096L * 3 * 2 * 6 * 2 * (4096 - 3 * 128));
        ModelConfig encoder = ModelConfig.bert(8192, 4096, 6, 6, 384)
                .attention(List.of(LayerAttention.longformer(256, 2, Positions.NONE)))
                .build();
        assertThat(Flops.perTrainedToken(encoder, 4096) - Flops.perTrainedToken(encoder, 513))
                .isZero();
        // Where all fits into the window, nothing is left out.
        assertThat(Flops.perTrainedToken(half, 200)).isEqualTo(Flops.perTrainedToken(full, 200));
    }

    @Test
    void theBudgetIsSharedBetweenParametersAndTokens() {
        double flops = 6 * 1e9 * 20e9;
        assertThat(Plan.optimalParameters(flops)).isCloseTo(1e9, Percentage.withPercentage(0.01));
        assertThat(Plan.optimalTokens(flops)).isCloseTo(20e9, Percentage.withPercentage(0.01));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2-124m, 50257, 124.4",
        "gpt2-355m, 50257, 354.8",
        "gpt2-774m, 50257, 774.0",
        "llama-1m, 8192, 1.0",
        "llama-3m, 8192, 3.4",
        "llama-10m, 8192, 13.8",
        "llama-30m, 8192, 27.8",
        "llama-100m, 32000, 100.0",
        "llama-350m, 32000, 300.0",
        "llama-1b, 32000, 1034.5",
        "bert-1m, 8192, 1.0",
        "bert-4m, 8192, 5.5",
        "bert-11m, 8192, 17.6",
        "bert-29m, 30522, 42.1",
        "bert-110m, 30522, 110.1",
        "bert-340m, 30522, 336.2",
    })
    void presetsHaveAboutTheParametersOfTheirNames(String name, int vocabulary, double millions) {
        ModelConfig config = Presets.of(name, vocabulary).build();
        assertThat(Plan.of(config, Precision.BF16, 1).parameters() / 1e6)
                .isCloseTo(millions, Percentage.withPercentage(6));
    }

    @Test
    void anUnknownPresetIsRefusedWithTheKnown() {
        assertThatThrownBy(() -> Presets.of("gpt5", 100))
                .hasMessageContaining("'gpt5'")
                .hasMessageContaining("llama-10m");
    }
}
