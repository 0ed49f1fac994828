package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * Stretches rotary positions for sequences longer than their frequencies were made for.
 *
 * @param kind {@code none}, {@code linear} (Chen et al. 2023), {@code ntk} or {@code llama3}
 * @param factor how many times longer
 * @param lowFrequencyFactor of {@code llama3}
 * @param highFrequencyFactor of {@code llama3}
 * @param originalContext of {@code llama3}: the context of the first training
 */
public record RotaryScalingSpec(
        String kind, double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext) {

    public static final RotaryScalingSpec NONE = new RotaryScalingSpec("none", 1, 1, 4, 0);

    public RotaryScalingSpec {
        Checks.oneOf("kind", kind, List.of("none", "linear", "ntk", "llama3"));
        Checks.range("factor", factor, 1, kind.equals("none") ? 1 : 1000);
        Checks.range("lowFrequencyFactor", lowFrequencyFactor, 0.001, 1000);
        Checks.that(
                highFrequencyFactor > lowFrequencyFactor,
                "highFrequencyFactor",
                highFrequencyFactor,
                "above lowFrequencyFactor (" + lowFrequencyFactor + ")");
        Checks.range("originalContext", originalContext, kind.equals("llama3") ? 1 : 0, 1 << 24);
    }
}
