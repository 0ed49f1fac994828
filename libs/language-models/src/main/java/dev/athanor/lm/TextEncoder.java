package dev.athanor.lm;

import dev.athanor.tokenizers.EndToken;
import dev.athanor.tokenizers.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Texts to the token ids that a classifier reads, in training as in service: the beginning of the text, then the token that
 * ends a document, as in pretraining. It is where the whole text has been seen, and gives even the empty text a token. Safe
 * for many threads.
 */
public final class TextEncoder {

    private final Tokenizer tokenizer;
    private final int end;
    private final int maxTokens;

    /** @param truncated whether the end of the text was cut off */
    public record Encoded(int[] ids, boolean truncated) {}

    /**
     * @param maxTokens at least 2, the end token included
     * @throws IllegalArgumentException if the tokenizer has no token to end a document with
     */
    public TextEncoder(Tokenizer tokenizer, int maxTokens) {
        if (maxTokens < 2) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + ", expected at least 2");
        }
        OptionalInt known = EndToken.of(tokenizer);
        this.tokenizer = tokenizer;
        this.end = known.orElseThrow(() -> new IllegalArgumentException(
                "the tokenizer has no token to end a document with: expected one of " + EndToken.NAMES));
        this.maxTokens = maxTokens;
    }

    /** Ids of a text, cut to the longest length, and the end token. */
    public Encoded encode(String text) {
        int[] ids = tokenizer.encodeIds(text);
        int kept = Math.min(ids.length, maxTokens - 1);
        int[] ended = Arrays.copyOf(ids, kept + 1);
        ended[kept] = end;
        return new Encoded(ended, kept < ids.length);
    }
}
