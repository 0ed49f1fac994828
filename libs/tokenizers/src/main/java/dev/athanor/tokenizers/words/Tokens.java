package dev.athanor.tokenizers.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of one text: for each, its range (UTF-16 units), a 64-bit hash of its characters, and what filters ask of it.
 * Reused from text to text.
 */
public final class Tokens {

    static final byte HAS_LETTER = 1;
    static final byte SYMBOL = 2;
    static final byte SUPPLEMENTARY = 4;

    private static final long HASH_BASE = 0x9E3779B97F4A7C15L;

    private String text = "";
    private char[] chars = new char[0];
    private int[] starts = new int[1024];
    private int[] ends = new int[1024];
    private long[] hashes = new long[1024];
    private byte[] flags = new byte[1024];
    private int size;

    void reset(String newText, char[] newChars) {
        text = newText;
        chars = newChars;
        size = 0;
    }

    /** One step of the hash; the first takes 0. */
    static long hash(long hash, char c) {
        return (hash ^ c) * HASH_BASE;
    }

    static long finish(long hash) {
        return hash ^ hash >>> 32;
    }

    void add(int start, int end) {
        long hash = 0;
        int supplementary = 0;
        int letter = 0;
        int symbol = SYMBOL;
        for (int i = start; i < end; i++) {
            char c = chars[i];
            hash = hash(hash, c);
            int kind = WordChars.of(c);
            letter |= kind & HAS_LETTER;
            symbol &= kind;
            if (Character.isHighSurrogate(c) && i + 1 < end) {
                supplementary = SUPPLEMENTARY;
                letter |= Character.isLetter(Character.toCodePoint(c, chars[i + 1])) ? HAS_LETTER : 0;
            }
        }
        add(start, end, finish(hash), (byte) (letter | symbol | supplementary));
    }

    void add(int start, int end, long hash, byte flag) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
            flags = Arrays.copyOf(flags, size * 2);
        }
        starts[size] = start;
        ends[size] = end;
        hashes[size] = hash;
        flags[size++] = flag;
    }

    /** Makes one token of several, in place of the token at {@code to}; for rewriting from the front. */
    void join(int to, int first, int last) {
        if (first == last) {
            starts[to] = starts[first];
            ends[to] = ends[first];
            hashes[to] = hashes[first];
            flags[to] = flags[first];
        } else {
            int start = starts[first];
            int end = ends[last];
            int before = size;
            size = to;
            add(start, end);
            size = before;
        }
    }

    void truncate(int newSize) {
        size = newSize;
    }

    public int size() {
        return size;
    }

    public int start(int index) {
        return starts[index];
    }

    public int end(int index) {
        return ends[index];
    }

    /** Equal words have equal hashes, and unequal ones differ but for a chance of about 2⁻⁶⁴. */
    public long hash(int index) {
        return hashes[index];
    }

    /** Code points. */
    public int length(int index) {
        int units = ends[index] - starts[index];
        return (flags[index] & SUPPLEMENTARY) == 0 ? units : text.codePointCount(starts[index], ends[index]);
    }

    public boolean hasLetter(int index) {
        return (flags[index] & HAS_LETTER) != 0;
    }

    /** Made of punctuation and control characters alone. */
    public boolean isSymbol(int index) {
        return (flags[index] & SYMBOL) != 0;
    }

    /**
     * What rules ask of all words together.
     *
     * @param real words that are no symbols
     * @param characters code points in those
     * @param withLetter words with a letter
     */
    public record Totals(int real, long characters, int withLetter) {}

    public Totals totals() {
        int real = 0;
        long characters = 0;
        int withLetter = 0;
        for (int i = 0; i < size; i++) {
            int flag = flags[i];
            withLetter += flag & HAS_LETTER;
            if ((flag & SYMBOL) == 0) {
                real++;
                characters += length(i);
            }
        }
        return new Totals(real, characters, withLetter);
    }

    public String get(int index) {
        return text.substring(starts[index], ends[index]);
    }

    /** The hash that this word has in every text. */
    public static long hashOf(String word) {
        long hash = 0;
        for (int i = 0; i < word.length(); i++) {
            hash = hash(hash, word.charAt(i));
        }
        return finish(hash);
    }

    /** The first token that starts at the offset or behind it. */
    public int firstFrom(int offset) {
        int index = Arrays.binarySearch(starts, 0, size, offset);
        return index < 0 ? -index - 1 : index;
    }

    public List<String> toList() {
        var list = new ArrayList<String>(size);
        for (int i = 0; i < size; i++) {
            list.add(get(i));
        }
        return list;
    }
}
