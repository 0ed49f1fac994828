package dev.athanor.lm.model;

import dev.athanor.lm.model.ModelConfig.NormPlacement;
import java.util.ArrayList;
import java.util.List;

/**
 * A trained array of a model: its name, its shape, and how it begins.
 *
 * <p>Weights begin normally distributed with the configuration's {@code initializerRange}. Where norms stand before the parts, the
 * projections that end in the residual stream ({@code …out.weight}) are scaled by 1/√(2·layers), so that the stream's variance does
 * not grow with depth (Radford et al. 2019, section 2.3; also used here for Llama-style models); with norms after the parts it
 * cannot grow, and BERT's plain scheme is kept. Biases begin at 0, norm weights at 1.
 *
 * @param mean of the initial values
 * @param deviation standard deviation of the initial values; 0 = all equal to the mean
 */
public record ParameterSpec(String name, List<Long> shape, double mean, double deviation) {

    /** Buckets of distances of {@link LayerAttention.Positions#RELATIVE}. */
    static final int RELATIVE_BUCKETS = 32;

    public ParameterSpec {
        shape = List.copyOf(shape);
    }

    /** @throws ArithmeticException if they do not fit in a long */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** All parameters of a model, in the order of the forward pass. */
    public static List<ParameterSpec> of(ModelConfig config) {
        var specs = new Collector(config);
        specs.embeddings();
        for (int i = 0; i < config.distinctLayers(); i++) {
            specs.layer("layers." + i + ".", config.attention(i));
        }
        specs.heads();
        return List.copyOf(specs.list);
    }

    /** Number of trained values of a model. */
    public static long count(ModelConfig config) {
        return of(config).stream().mapToLong(ParameterSpec::elements).sum();
    }

    private static final class Collector {
        private final List<ParameterSpec> list = new ArrayList<>();
        private final ModelConfig config;
        private final long C;
        private final long F;
        private final double residualDeviation;

        Collector(ModelConfig config) {
            this.config = config;
            C = config.width();
            F = config.feedForwardWidth();
            residualDeviation = config.normPlacement() == NormPlacement.PRE
                    ? config.initializerRange() / Math.sqrt(2.0 * config.layers())
                    : config.initializerRange();
        }

        void embeddings() {
            weight("tokens.weight", config.vocabularySize(), C);
            if (config.positions() == ModelConfig.Positions.LEARNED) {
                weight("positions.weight", config.context(), C);
            }
            if (config.segments() > 0) {
                weight("segments.weight", config.segments(), C);
            }
            if (config.normPlacement() == NormPlacement.POST) {
                norm("embedding_norm");
            }
            if (config.has(LayerAttention.Positions.DISENTANGLED)) {
                weight("distances.weight", 2L * config.relativeSpan(), C);
            }
        }

        void layer(String layer, LayerAttention attention) {
            norm(layer + "attention_norm");
            linear(layer + "attention.qkv", C + 2L * config.keyValueHeads() * config.headWidth(), C);
            residual(layer + "attention.out", C, C);
            if (attention.positions() == LayerAttention.Positions.RELATIVE) {
                weight(layer + "attention.relative.weight", RELATIVE_BUCKETS, config.heads());
            }
            norm(layer + "feedforward_norm");
            long in = config.feedForward().gated() ? 2 * F : F;
            Experts experts = config.experts();
            if (experts == null) {
                linear(layer + "feedforward.in", in, C);
                residual(layer + "feedforward.out", C, F);
                return;
            }
            weight(layer + "feedforward.router.weight", experts.count(), C);
            for (int e = 0; e < experts.count(); e++) {
                linear(layer + "feedforward.experts." + e + ".in", in, C);
                residual(layer + "feedforward.experts." + e + ".out", C, F);
            }
        }

        void heads() {
            if (config.normPlacement() == NormPlacement.PRE) {
                norm("norm");
            }
            if (config.maskedHead()) {
                weight("masked.dense.weight", C, C);
                vector("masked.dense.bias", C, 0);
                vector("masked.norm.weight", C, 1);
                vector("masked.norm.bias", C, 0);
                vector("output.bias", config.vocabularySize(), 0);
            }
            if (!config.tiedEmbeddings()) {
                weight("output.weight", config.vocabularySize(), C);
            }
            if (config.nextSentenceHead()) {
                weight("pooler.weight", C, C);
                vector("pooler.bias", C, 0);
                weight("next_sentence.weight", 2, C);
                vector("next_sentence.bias", 2, 0);
            }
        }

        private void weight(String name, long rows, long columns) {
            list.add(new ParameterSpec(name, List.of(rows, columns), 0, config.initializerRange()));
        }

        private void vector(String name, long size, double value) {
            list.add(new ParameterSpec(name, List.of(size), value, 0));
        }

        private void linear(String name, long out, long in) {
            weight(name + ".weight", out, in);
            if (config.biases()) {
                vector(name + ".bias", out, 0);
            }
        }

        private void residual(String name, long out, long in) {
            list.add(new ParameterSpec(name + ".weight", List.of(out, in), 0, residualDeviation));
            if (config.biases()) {
                vector(name + ".bias", out, 0);
            }
        }

        private void norm(String name) {
            vector(name + ".weight", C, 1);
            if (config.biases() && config.norm() == ModelConfig.Norm.LAYER_NORM) {
                vector(name + ".bias", C, 0);
            }
        }
    }
}
