package dev.athanor.lm;

import dev.athanor.lm.data.TokenStream;
import java.util.Random;

/** Small synthetic token streams. */
public final class Texts {

    private Texts() {}

    /** A Markov chain over {@code vocabulary} ids in which each id has two likely successors: learnable, but not to zero loss. */
    public static TokenStream chain(int vocabulary, int length, long seed) {
        var random = new Random(seed);
        var ids = new int[length];
        for (int i = 1; i < length; i++) {
            int step = random.nextInt(10) < 7 ? 1 : 3;
            ids[i] = random.nextInt(20) == 0 ? random.nextInt(vocabulary) : (ids[i - 1] * 5 + step) % vocabulary;
        }
        return TokenStream.of(ids);
    }
}
