package dev.athanor.lm.train;

import dev.athanor.lm.model.AttentionMask;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.Norm;
import dev.athanor.lm.model.ParameterSpec;

/**
 * What training a model takes, by arithmetic alone.
 *
 * @param parameters trained values
 * @param activeParameters those that a token meets in matrix products
 * @param trainFlopsPerToken forward and backward
 * @param stateBytes parameters, gradients and optimizer state
 * @param activationBytes kept for the backward pass of one batch, about
 * @param optimalTokens to train on, by the rule of 20 tokens a parameter (Hoffmann et al. 2022)
 */
public record Plan(
        long parameters,
        long activeParameters,
        double trainFlopsPerToken,
        long stateBytes,
        long activationBytes,
        long optimalTokens) {

    private static final int TOKENS_PER_PARAMETER = 20;

    /** @param rows sequences of the model's full context in a batch */
    public static Plan of(ModelConfig config, Precision precision, int rows) {
        long parameters = ParameterSpec.count(config);
        // fp32: weight, gradient, two moments. bf16: those in float32 and the weights once more in 2 bytes, with their
        // gradients.
        long perParameter = precision == Precision.FP32 ? 16 : 16 + 4;
        long tokens = (long) rows * config.context();
        return new Plan(
                parameters,
                Flops.multipliedWeights(config),
                Flops.perTrainedToken(config, config.context()),
                parameters * perParameter,
                tokens * valuesKeptPerToken(config) * precision.type().getNumOfBytes(),
                parameters * TOKENS_PER_PARAMETER);
    }

    /**
     * Of each layer: its two norms' inputs and outputs, q, k, v, the attention weights (which bf16 training on a CPU keeps; with a
     * window, those of a block) and their sums, and the hidden values before and after the activation.
     */
    private static long valuesKeptPerToken(ModelConfig config) {
        long C = config.width();
        long F = config.feedForwardWidth();
        long kv = 2L * config.keyValueHeads() * config.headWidth();
        long hidden = config.feedForward().gated() ? 4 * F : 2 * F;
        long norms = config.norm() == Norm.LAYER_NORM ? 4 * C : 6 * C;
        long perLayer = norms + 2 * C + C + kv + hidden;
        long attended = 0;
        for (int i = 0; i < config.layers(); i++) {
            attended += new AttentionMask(config, config.attention(i)).computed(config.context());
        }
        return config.layers() * perLayer + 2L * config.heads() * attended + 3 * C;
    }

    /** Tokens for which a budget of FLOPs is spent best together with the size of the model: D = √(20·budget/6). */
    public static double optimalTokens(double flops) {
        return Math.sqrt(TOKENS_PER_PARAMETER * flops / 6);
    }

    /** Parameters for which a budget of FLOPs is spent best: N = √(budget/(6·20)). */
    public static double optimalParameters(double flops) {
        return Math.sqrt(flops / (6 * TOKENS_PER_PARAMETER));
    }

    /** How long training on so many tokens takes at a rate of arithmetic. */
    public double seconds(double tokens, double flopsPerSecond) {
        return tokens * trainFlopsPerToken / flopsPerSecond;
    }
}
