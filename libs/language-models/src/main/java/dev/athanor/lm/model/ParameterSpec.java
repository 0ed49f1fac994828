package dev.athanor.lm.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A trained array of a model: its name, its shape, and how it begins.
 *
 * <p>Weights begin normally distributed with the configuration's {@code initializerRange}; the projections that end in the residual
 * stream ({@code …out.weight}) are scaled by 1/√(2·layers) so that the stream's variance does not grow with depth (Radford et al.
 * 2019, section 2.3; also used here for Llama-style models). Biases begin at 0, norm weights at 1.
 *
 * @param mean of the initial values
 * @param deviation standard deviation of the initial values; 0 = all equal to the mean
 */
public record ParameterSpec(String name, List<Long> shape, double mean, double deviation) {

    public ParameterSpec {
        shape = List.copyOf(shape);
    }

    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Weight decay is for matrices: biases and norm weights are left out. */
    public boolean decays() {
        return shape.size() >= 2;
    }

    /** All parameters of a model, in the order of the forward pass. */
    public static List<ParameterSpec> of(ModelConfig config) {
        var specs = new Collector(config);
        long C = config.width();
        specs.weight("tokens.weight", config.vocabularySize(), C);
        if (config.positions() == ModelConfig.Positions.LEARNED) {
            specs.weight("positions.weight", config.context(), C);
        }
        for (int i = 0; i < config.layers(); i++) {
            String layer = "layers." + i + ".";
            long qkv = C + 2L * config.keyValueHeads() * config.headWidth();
            long F = config.feedForwardWidth();
            specs.norm(layer + "attention_norm");
            specs.linear(layer + "attention.qkv", qkv, C);
            specs.residual(layer + "attention.out", C, C);
            specs.norm(layer + "feedforward_norm");
            specs.linear(layer + "feedforward.in", config.feedForward().gated() ? 2 * F : F, C);
            specs.residual(layer + "feedforward.out", C, F);
        }
        specs.norm("norm");
        if (!config.tiedEmbeddings()) {
            specs.weight("output.weight", config.vocabularySize(), C);
        }
        return List.copyOf(specs.list);
    }

    /** Number of trained values of a model. */
    public static long count(ModelConfig config) {
        return of(config).stream().mapToLong(ParameterSpec::elements).sum();
    }

    private static final class Collector {
        private final List<ParameterSpec> list = new ArrayList<>();
        private final ModelConfig config;

        Collector(ModelConfig config) {
            this.config = config;
        }

        void weight(String name, long rows, long columns) {
            list.add(new ParameterSpec(name, List.of(rows, columns), 0, config.initializerRange()));
        }

        void linear(String name, long out, long in) {
            weight(name + ".weight", out, in);
            if (config.biases()) {
                list.add(new ParameterSpec(name + ".bias", List.of(out), 0, 0));
            }
        }

        void residual(String name, long out, long in) {
            double scaled = config.initializerRange() / Math.sqrt(2.0 * config.layers());
            list.add(new ParameterSpec(name + ".weight", List.of(out, in), 0, scaled));
            if (config.biases()) {
                list.add(new ParameterSpec(name + ".bias", List.of(out), 0, 0));
            }
        }

        void norm(String name) {
            list.add(new ParameterSpec(name + ".weight", List.of((long) config.width()), 1, 0));
            if (config.biases() && config.norm() == ModelConfig.Norm.LAYER_NORM) {
                list.add(new ParameterSpec(name + ".bias", List.of((long) config.width()), 0, 0));
            }
        }
    }
}
