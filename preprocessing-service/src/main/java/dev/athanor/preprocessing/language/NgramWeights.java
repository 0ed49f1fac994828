package dev.athanor.preprocessing.language;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * A linear model over the character n-grams that a text has, as a hash table: n-grams of up to four UTF-16 units, packed into a
 * long, to one weight of 8 bits for each language.
 *
 * <p>The file, under zstd: number of languages, their codes, number of n-grams (4 bytes each, big-endian; codes as {@code
 * writeUTF} has them), the n-grams ascending as 8 bytes each, then for each n-gram a byte for each language.
 */
final class NgramWeights {

    static final int MAX_N = 4;
    /** What a byte of 1 stands for. */
    static final float STEP = 0.02f;

    private final List<String> languages;
    private final long[] keys;
    /** By slot: where the n-gram's weights begin, or -1. */
    private final int[] rows;

    private final byte[] weights;
    private final int mask;

    /** @param ngrams ascending; {@code weights} has a row for each in this order */
    NgramWeights(List<String> languages, long[] ngrams, byte[] weights) {
        this.languages = List.copyOf(languages);
        this.weights = weights;
        int capacity = Integer.highestOneBit(Math.max(1, ngrams.length)) << 2;
        keys = new long[capacity];
        rows = new int[capacity];
        mask = capacity - 1;
        Arrays.fill(rows, -1);
        for (int i = 0; i < ngrams.length; i++) {
            int slot = slot(ngrams[i]);
            keys[slot] = ngrams[i];
            rows[slot] = i * languages.size();
        }
    }

    /** BCP 47 codes. */
    List<String> languages() {
        return languages;
    }

    /** How many slots there are. */
    int slots() {
        return keys.length;
    }

    /** The n-gram's slot, or the free one where it would be. */
    int slot(long ngram) {
        int slot = (int) ((ngram * 0x9E3779B97F4A7C15L) >>> 40) & mask;
        while (rows[slot] >= 0 && keys[slot] != ngram) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    boolean isKnown(int slot) {
        return rows[slot] >= 0;
    }

    /** Adds the weights of a known slot, in steps; a plain loop, which the compiler turns into vector instructions. */
    void addTo(int[] scores, int slot) {
        int row = rows[slot];
        byte[] all = weights;
        for (int i = 0; i < scores.length; i++) {
            scores[i] += all[row + i];
        }
    }

    static NgramWeights read(InputStream file) throws IOException {
        try (var in = new DataInputStream(new BufferedInputStream(new ZstdInputStream(file), 1 << 16))) {
            var languages = new String[in.readInt()];
            for (int i = 0; i < languages.length; i++) {
                languages[i] = in.readUTF();
            }
            var ngrams = new long[in.readInt()];
            for (int i = 0; i < ngrams.length; i++) {
                ngrams[i] = in.readLong();
            }
            var weights = new byte[ngrams.length * languages.length];
            in.readFully(weights);
            return new NgramWeights(List.of(languages), ngrams, weights);
        }
    }

    static void write(OutputStream file, List<String> languages, long[] ngrams, byte[] weights) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(new ZstdOutputStream(file, 19), 1 << 16))) {
            out.writeInt(languages.size());
            for (String language : languages) {
                out.writeUTF(language);
            }
            out.writeInt(ngrams.length);
            for (long ngram : ngrams) {
                out.writeLong(ngram);
            }
            out.write(weights);
        }
    }
}
