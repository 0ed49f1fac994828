package dev.athanor.lm.model;

/**
 * How one layer attends: which positions see each other, and how it tells positions apart. Windows of long sequences are computed
 * by blocks, in time and memory that grow with length times window, also beside global positions; other patterns are masks over
 * dense scores, exact in what is seen without saving anything (docs/adr/0143).
 *
 * @param kind which positions see each other; a decoder's position never sees a later one
 * @param window of the windowed kinds: positions fewer than this many apart see each other
 * @param globals of {@link Kind#LONGFORMER} and {@link Kind#BIGBIRD}: the first so many positions see all and are seen by all
 * @param randoms of {@link Kind#BIGBIRD}: fixed random positions that each position sees
 * @param positions how the layer tells positions apart
 */
public record LayerAttention(Kind kind, int window, int globals, int randoms, Positions positions) {

    /** Which positions see each other. */
    public enum Kind {
        /** All (an encoder) or all before (a decoder). */
        FULL,
        /** A window (Child et al. 2019; Mistral). */
        SLIDING_WINDOW,
        /** A window and global positions (Beltagy et al. 2020). */
        LONGFORMER,
        /** A window, global positions and random ones (Zaheer et al. 2020). */
        BIGBIRD
    }

    /** What attention itself knows of positions. */
    public enum Positions {
        /** Nothing: order comes from the embeddings, or from the causal mask alone. */
        NONE,
        /** Su et al. 2021; the halves of a head are rotated against each other, as Llama's Hugging Face layout has it. */
        ROTARY,
        /** A penalty on the scores that grows with distance, of another slope for each head (Press et al. 2022). */
        ALIBI,
        /** A trained bias on the scores for each head and bucket of distances (Raffel et al. 2020, T5). */
        RELATIVE,
        /**
         * Content-to-position and position-to-content scores over trained embeddings of distances (He et al. 2021, DeBERTa, with
         * projections shared with the content's).
         */
        DISENTANGLED
    }

    public LayerAttention {
        boolean windowed = kind != Kind.FULL;
        check(windowed ? window >= 1 : window == 0, "window", window, windowed ? "at least 1" : "0 where all is seen");
        boolean global = kind == Kind.LONGFORMER || kind == Kind.BIGBIRD;
        check(global ? globals >= 0 : globals == 0, "globals", globals, global ? "at least 0" : "0 for this kind");
        boolean random = kind == Kind.BIGBIRD;
        check(random ? randoms >= 0 : randoms == 0, "randoms", randoms, random ? "at least 0" : "0 for this kind");
    }

    /** All that the stack lets a position see. */
    public static LayerAttention full(Positions positions) {
        return new LayerAttention(Kind.FULL, 0, 0, 0, positions);
    }

    /** @param window positions fewer than this many apart see each other; at least 1, the position alone */
    public static LayerAttention slidingWindow(int window, Positions positions) {
        return new LayerAttention(Kind.SLIDING_WINDOW, window, 0, 0, positions);
    }

    /**
     * @param window positions fewer than this many apart see each other
     * @param globals the first so many positions see all and are seen by all
     */
    public static LayerAttention longformer(int window, int globals, Positions positions) {
        return new LayerAttention(Kind.LONGFORMER, window, globals, 0, positions);
    }

    /**
     * @param window positions fewer than this many apart see each other
     * @param globals the first so many positions see all and are seen by all
     * @param randoms positions that each position sees beside; drawn once for all from its number, so at most so many different ones
     */
    public static LayerAttention bigBird(int window, int globals, int randoms, Positions positions) {
        return new LayerAttention(Kind.BIGBIRD, window, globals, randoms, positions);
    }

    private void check(boolean holds, String field, int value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "attention " + field + " is " + value + ", expected " + expected + " (" + kind + ")");
        }
    }
}
