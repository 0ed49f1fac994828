package dev.athanor.lm.data;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Hides tokens for masked language modelling (Devlin et al. 2019): of those chosen, 80% are replaced by the mask token, 10% by a random
 * one, 10% stay; all of them are to be predicted.
 *
 * @param maskId id of the mask token
 * @param rate share of the words (or tokens) that is chosen
 * @param continuesWord for each token id, whether it goes on with the word of the token before: words are then chosen whole; null =
 *     each token is chosen by itself
 * @param firstRandomId random replacements are ids from here on: above the special tokens
 */
public record Masking(
        int maskId, double rate, boolean @Nullable [] continuesWord, int firstRandomId, int vocabularySize) {

    private static final double REPLACED = 0.8;
    private static final double RANDOM = 0.1;

    public Masking {
        check(maskId >= 0 && maskId < vocabularySize, "maskId", maskId, "an id of the vocabulary");
        check(rate > 0 && rate < 1, "rate", rate, "between 0 and 1");
        check(
                firstRandomId >= 0 && firstRandomId < vocabularySize,
                "firstRandomId",
                firstRandomId,
                "an id of the vocabulary");
        check(
                continuesWord == null || continuesWord.length == vocabularySize,
                "continuesWord",
                continuesWord == null ? 0 : continuesWord.length,
                "one entry a token id (" + vocabularySize + ")");
    }

    /** Each token is chosen by itself, not with its word. */
    public static Masking ofTokens(int maskId, double rate, int firstRandomId, int vocabularySize) {
        return new Masking(maskId, rate, null, firstRandomId, vocabularySize);
    }

    /**
     * Masks one sequence in place; at least one token is chosen.
     *
     * @param inputs ids, of which some are replaced
     * @param targets set to the original id where chosen, else {@link TokenBatch#IGNORED}
     * @param maskable positions that may be chosen
     */
    void apply(long[] inputs, long[] targets, boolean[] maskable, int from, int length, long seed) {
        var random = new SplittableRandom(seed);
        java.util.Arrays.fill(targets, from, from + length, TokenBatch.IGNORED);
        int chosen = 0;
        for (int start = 0; start < length; ) {
            int end = wordEnd(inputs, from, start, length);
            if (random.nextDouble() < rate) {
                chosen += hide(inputs, targets, maskable, from + start, from + end, random);
            }
            start = end;
        }
        for (int attempt = 0; chosen == 0 && attempt < 1000; attempt++) {
            int start = random.nextInt(length);
            while (start > 0 && continuesWord != null && continuesWord[(int) inputs[from + start]]) {
                start--;
            }
            int end = wordEnd(inputs, from, start, length);
            chosen += hide(inputs, targets, maskable, from + start, from + end, random);
        }
    }

    private int wordEnd(long[] inputs, int from, int start, int length) {
        int end = start + 1;
        while (continuesWord != null && end < length && continuesWord[(int) inputs[from + end]]) {
            end++;
        }
        return end;
    }

    private int hide(long[] inputs, long[] targets, boolean[] maskable, int from, int to, SplittableRandom random) {
        int hidden = 0;
        for (int i = from; i < to; i++) {
            if (!maskable[i]) {
                continue;
            }
            hidden++;
            targets[i] = inputs[i];
            double draw = random.nextDouble();
            if (draw < REPLACED) {
                inputs[i] = maskId;
            } else if (draw < REPLACED + RANDOM) {
                inputs[i] = random.nextInt(firstRandomId, vocabularySize);
            }
        }
        return hidden;
    }

    private static void check(boolean holds, String field, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("masking " + field + " is " + value + ", expected " + expected);
        }
    }
}
