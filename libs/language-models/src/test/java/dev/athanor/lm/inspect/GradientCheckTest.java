package dev.athanor.lm.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ParameterSpec;
import dev.athanor.lm.model.Presets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That each option's gradients are right is ArchitectureTest's; this is about the check itself. */
class GradientCheckTest {

    @Test
    void aSmallModelKeepsTheOptions() {
        ModelConfig large = Presets.of("llama-1b", 32_000)
                .experts(Experts.of(8, 2))
                .attention(List.of(
                        LayerAttention.slidingWindow(512, Positions.ROTARY), LayerAttention.full(Positions.ALIBI)))
                .dropout(0.1)
                .build();
        ModelConfig small = GradientCheck.small(large);
        assertThat(ParameterSpec.count(small)).isLessThan(20_000);
        assertThat(small.heads() / small.keyValueHeads()).isEqualTo(2);
        assertThat(small.keyValueHeads()).isEqualTo(2);
        assertThat(small.attention()).isEqualTo(large.attention());
        assertThat(small.experts()).isNotNull();
        assertThat(small.feedForward()).isEqualTo(large.feedForward());
        assertThat(GradientCheck.small(Presets.of("bert-110m", 30_000)
                                .distinctLayers(1)
                                .build())
                        .distinctLayers())
                .isEqualTo(1);
        for (String preset : Presets.names()) {
            assertThat(ParameterSpec.count(
                            GradientCheck.small(Presets.of(preset, 8192).build())))
                    .isLessThan(20_000);
        }
    }

    @Test
    void theNextSentenceHeadIsCheckedToo() {
        ModelConfig config = GradientCheck.small(Presets.of("bert-1m", 8192).build());
        assertThat(GradientCheck.of(config, 2, 7, 5))
                .extracting(GradientCheck.Coordinate::parameter)
                .contains("pooler.weight", "next_sentence.bias");
        assertThat(GradientCheck.of(config, 2, 7, 5))
                .allSatisfy(c -> assertThat(c.error()).as(c.toString()).isLessThan(GradientCheck.TOLERANCE));
    }

    @Test
    void documentsApartAndRecomputationAreCheckedToo() {
        ModelConfig config = Presets.of("llama-1m", 8192).build();
        GradientCheck.Report plain = GradientCheck.report(config, 1, 5);
        GradientCheck.Report again = GradientCheck.report(config, new GradientCheck.Way(false, true), 1, 5);
        GradientCheck.Report apart = GradientCheck.report(config, new GradientCheck.Way(true, true), 1, 5);
        assertThat(List.of(plain, again, apart))
                .allSatisfy(report -> assertThat(report.passed()).isTrue());
        assertThat(apart.checked()).contains("documents=true", "recompute=true");
        for (int i = 0; i < plain.coordinates().size(); i++) {
            assertThat(again.coordinates().get(i).automatic())
                    .isCloseTo(plain.coordinates().get(i).automatic(), within(1e-9));
        }
        assertThat(apart.coordinates())
                .anySatisfy(c -> assertThat(plain.coordinates())
                        .filteredOn(p -> p.parameter().equals(c.parameter()))
                        .allSatisfy(p ->
                                assertThat(Math.abs(p.numeric() - c.numeric())).isGreaterThan(1e-4)));
    }
}
