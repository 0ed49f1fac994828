package dev.athanor.lm.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Hides tokens for masked language modelling (Devlin et al. 2019): of those chosen, 80% are replaced by the mask token, 10% by a random
 * one, 10% stay; all of them are to be predicted. Special tokens are neither hidden nor replacements, wherever they stand.
 */
public final class Masking {

    private static final double REPLACED = 0.8;
    private static final double RANDOM = 0.1;

    private final int maskId;
    private final double rate;
    private final @Nullable WordBeginnings words;
    private final boolean[] special;
    /** The ids that are not special, rising. */
    private final int[] ordinary;

    /** Tells which tokens of a sequence begin a word. */
    public interface WordBeginnings {
        /** @param begins to be set for each of the {@code length} tokens at {@code from} of {@code ids} */
        void mark(long[] ids, int from, int length, boolean[] begins);
    }

    /**
     * @param maskId id of the mask token
     * @param rate share of the words (or tokens) that is chosen
     * @param words words are chosen whole, and these are they; null = each token is chosen by itself
     * @param special for each id of the vocabulary, whether it is never hidden and no replacement; that of the mask never is
     */
    public Masking(int maskId, double rate, @Nullable WordBeginnings words, boolean[] special) {
        check(maskId >= 0 && maskId < special.length, "maskId", maskId, "an id of the vocabulary");
        check(rate > 0 && rate < 1, "rate", rate, "between 0 and 1");
        this.maskId = maskId;
        this.rate = rate;
        this.words = words;
        this.special = special.clone();
        this.special[maskId] = true;
        ordinary = IntStream.range(0, special.length)
                .filter(id -> !this.special[id])
                .toArray();
        check(ordinary.length > 0, "special", special.length, "a vocabulary that has other tokens too");
    }

    /**
     * Each token is chosen by itself, not with its word.
     *
     * @param firstOrdinary the ids below are special
     */
    public static Masking ofTokens(int maskId, double rate, int firstOrdinary, int vocabularySize) {
        var special = new boolean[vocabularySize];
        Arrays.fill(special, 0, firstOrdinary, true);
        return new Masking(maskId, rate, null, special);
    }

    /** What decides of what is hidden, but for the vocabulary. */
    String fingerprint() {
        return " rate=" + rate + " words=" + (words != null) + " ordinary=" + ordinary.length;
    }

    /**
     * Masks one sequence in place; at least one token is chosen, unless there are next to none that may be.
     *
     * @param inputs ids, of which some are replaced
     * @param targets set to the original id where chosen, else {@link TokenBatch#IGNORED}
     * @param maskable positions that may be chosen
     */
    void apply(long[] inputs, long[] targets, boolean[] maskable, int from, int length, long seed) {
        var random = new SplittableRandom(seed);
        Arrays.fill(targets, from, from + length, TokenBatch.IGNORED);
        boolean[] begins = begins(inputs, from, length);
        int chosen = 0;
        for (int start = 0; start < length; ) {
            int end = wordEnd(begins, start);
            if (random.nextDouble() < rate) {
                chosen += hide(inputs, targets, maskable, from + start, from + end, random);
            }
            start = end;
        }
        for (int attempt = 0; chosen == 0 && attempt < 1000; attempt++) {
            int start = random.nextInt(length);
            while (!begins[start]) {
                start--;
            }
            int end = wordEnd(begins, start);
            chosen += hide(inputs, targets, maskable, from + start, from + end, random);
        }
    }

    private boolean[] begins(long[] inputs, int from, int length) {
        var begins = new boolean[length];
        if (words == null) {
            Arrays.fill(begins, true);
        } else {
            words.mark(Arrays.copyOfRange(inputs, from, from + length), 0, length, begins);
            begins[0] = true;
        }
        return begins;
    }

    private static int wordEnd(boolean[] begins, int start) {
        int end = start + 1;
        while (end < begins.length && !begins[end]) {
            end++;
        }
        return end;
    }

    private int hide(long[] inputs, long[] targets, boolean[] maskable, int from, int to, SplittableRandom random) {
        int hidden = 0;
        for (int i = from; i < to; i++) {
            if (!maskable[i] || special[(int) inputs[i]]) {
                continue;
            }
            hidden++;
            targets[i] = inputs[i];
            double draw = random.nextDouble();
            if (draw < REPLACED) {
                inputs[i] = maskId;
            } else if (draw < REPLACED + RANDOM) {
                inputs[i] = ordinary[random.nextInt(ordinary.length)];
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
