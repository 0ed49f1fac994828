package dev.athanor.lm.train;

import dev.athanor.lm.model.AttentionMask;
import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.Norm;
import dev.athanor.lm.model.ParameterSpec;

/**
 * What training a model takes, by arithmetic alone.
 *
 * @param parameters trained values
 * @param activeParameters those that a token meets in matrix products
 * @param trainFlopsPerToken forward and backward
 * @param stateBytes parameters, gradients and optimizer state, in each process
 * @param activationBytes kept for the backward pass of one batch, about
 * @param checkpointBytes copied in host memory while a checkpoint is written, in each process
 * @param optimalTokens to train on, by the rule of 20 tokens a parameter (Hoffmann et al. 2022)
 */
public record Plan(
        long parameters,
        long activeParameters,
        double trainFlopsPerToken,
        long stateBytes,
        long activationBytes,
        long checkpointBytes,
        long optimalTokens) {

    private static final int TOKENS_PER_PARAMETER = 20;

    /**
     * How it is trained.
     *
     * @param recompute whether activations are computed again in the backward pass
     * @param average whether a moving average of the weights is kept
     * @param workers processes that share the optimizer state
     */
    public record Options(boolean recompute, boolean average, int workers) {

        public static final Options PLAIN = new Options(false, false, 1);
    }

    /** @param rows sequences of the model's full context in a batch */
    public static Plan of(ModelConfig config, Precision precision, int rows) {
        return of(config, precision, rows, Options.PLAIN);
    }

    /** @param rows sequences of the model's full context that a process computes at a time */
    public static Plan of(ModelConfig config, Precision precision, int rows, Options options) {
        long parameters = ParameterSpec.count(config);
        // In every process: weight and gradient in float32, in 16 bits both once more in 2 bytes, and of several
        // processes the buckets
        // that gradients leave in. Shared among them: two moments and the average.
        long everywhere = (precision == Precision.FP32 ? 8 : 12) + (options.workers > 1 ? 4 : 0);
        long shared = 8 + (options.average ? 4 : 0);
        long share = Math.ceilDiv(parameters, options.workers);
        long tokens = (long) rows * config.context();
        return new Plan(
                parameters,
                Flops.multipliedWeights(config),
                Flops.perTrainedToken(config, config.context()),
                parameters * everywhere + share * shared,
                tokens
                        * valuesKeptPerToken(config, options.recompute)
                        * precision.type().getNumOfBytes(),
                share * (4 + shared),
                parameters * TOKENS_PER_PARAMETER);
    }

    /**
     * Of each layer: its two norms' inputs and outputs, q, k, v, the attention weights (which bf16 training on a CPU keeps; with a
     * window, those of a block) and their sums, and the hidden values before and after the activation, of experts for each that a token
     * is sent to, with the output of each. Computed again: the inputs of all layers, and one layer whole; what experts do is kept.
     */
    private static long valuesKeptPerToken(ModelConfig config, boolean recompute) {
        long C = config.width();
        long F = config.feedForwardWidth();
        long kv = 2L * config.keyValueHeads() * config.headWidth();
        long hidden = config.feedForward().gated() ? 4 * F : 2 * F;
        Experts experts = config.experts();
        if (experts != null) {
            hidden = experts.perToken() * (hidden + 2 * C) + experts.count();
        }
        long norms = config.norm() == Norm.LAYER_NORM ? 4 * C : 6 * C;
        long perLayer = norms + 2 * C + C + kv + hidden;
        long attended = 0;
        long widest = 0;
        for (int i = 0; i < config.layers(); i++) {
            long keys = new AttentionMask(config, config.attention(i)).computed(config.context());
            attended += keys;
            widest = Math.max(widest, keys);
        }
        long all = config.layers() * perLayer + 2L * config.heads() * attended;
        if (recompute) {
            long expertsKept = experts == null ? 0 : config.layers() * hidden;
            long whole = perLayer + 2L * config.heads() * widest;
            all = Math.min(all, config.layers() * C + whole + expertsKept);
        }
        return all + 3 * C;
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
