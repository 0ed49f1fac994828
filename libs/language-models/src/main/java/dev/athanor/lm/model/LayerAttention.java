package dev.athanor.lm.model;

/**
 * How one layer attends.
 *
 * @param positions how the layer tells positions apart
 */
public record LayerAttention(Positions positions) {

    /** What attention itself knows of positions. */
    public enum Positions {
        /** Nothing: order comes from the embeddings, or from the causal mask alone. */
        NONE,
        /** Su et al. 2021; the halves of a head are rotated against each other, as Llama's Hugging Face layout has it. */
        ROTARY
    }

    /** Every position sees all (an encoder) or all before it (a decoder). */
    public static LayerAttention full(Positions positions) {
        return new LayerAttention(positions);
    }
}
