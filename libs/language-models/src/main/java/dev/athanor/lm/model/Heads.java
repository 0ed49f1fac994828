package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.LtFunctions;
import org.jspecify.annotations.Nullable;

/** What turns hidden states into predictions: of tokens, and of whether one sentence follows another. */
public final class Heads {

    private final Operations operations;
    private final NDArray output_VC;
    private final @Nullable NDArray outputBias_V;
    private final Weights.@Nullable Linear maskedDense;
    private final Weights.@Nullable Norm maskedNorm;
    private final Weights.@Nullable Linear pooler;
    private final Weights.@Nullable Linear nextSentence;

    Heads(Weights weights) {
        ModelConfig config = weights.config();
        operations = weights.operations();
        output_VC = weights.weight(config.tiedEmbeddings() ? "tokens.weight" : "output.weight");
        outputBias_V = weights.byName().get("output.bias");
        maskedDense = config.maskedHead() ? weights.linear("masked.dense") : null;
        maskedNorm = config.maskedHead() ? weights.norm(ModelConfig.Norm.LAYER_NORM, "masked.norm") : null;
        pooler = config.nextSentenceHead() ? weights.linear("pooler") : null;
        nextSentence = config.nextSentenceHead() ? weights.linear("next_sentence") : null;
    }

    /** The weight of the output projection: the token embedding, if they are tied. */
    public NDArray output_VC() {
        return output_VC;
    }

    /** Of the output projection; null where it has none. */
    public @Nullable NDArray outputBias_V() {
        return outputBias_V;
    }

    /** What the output projection is applied to: the hidden states themselves, or the masked head's transform of them. */
    public NDArray features(NDArray hidden) {
        return maskedDense == null || maskedNorm == null
                ? hidden
                : maskedNorm.of(operations.activation("masked", ModelConfig.FeedForward.GELU, maskedDense.of(hidden)));
    }

    /** Logits over the vocabulary, [..., V], of hidden states [..., C]. */
    public NDArray logits(NDArray hidden) {
        return operations.linear("output", features(hidden), output_VC, outputBias_V);
    }

    /**
     * Logits [B, 2] of "the second sentence follows the first" and "it does not".
     *
     * @throws IllegalStateException if the model has no such head
     */
    public NDArray nextSentence(NDArray hidden_BTC) {
        if (pooler == null || nextSentence == null) {
            throw new IllegalStateException("the model has no next-sentence head");
        }
        NDArray first_BC = LtFunctions.narrow(hidden_BTC, 1, 0, 1).squeeze(1);
        return nextSentence.of(pooler.of(first_BC).tanh());
    }
}
