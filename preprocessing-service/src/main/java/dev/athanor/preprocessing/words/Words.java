package dev.athanor.preprocessing.words;

import java.util.Arrays;

/** The words of one text with what filters ask of each: 64-bit hash of its characters, length, letters, symbols. */
public final class Words {

    private static final int HAS_LETTER = 1;
    private static final int SYMBOL = 2;

    private final EnglishTokenizer tokenizer;
    private Tokens tokens = new Tokens();
    private String text = "";
    private long[] hashes = new long[1024];
    private int[] lengths = new int[1024];
    private byte[] flags = new byte[1024];

    public Words(EnglishTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    public void analyse(String newText) {
        text = newText;
        tokens = tokenizer.tokenize(text);
        char[] chars = tokenizer.characters();
        int size = tokens.size();
        if (hashes.length < size) {
            int capacity = Math.max(size, hashes.length * 2);
            hashes = new long[capacity];
            lengths = new int[capacity];
            flags = Arrays.copyOf(flags, capacity);
        }
        for (int i = 0; i < size; i++) {
            look(chars, i, tokens.start(i), tokens.end(i));
        }
    }

    private void look(char[] chars, int word, int start, int end) {
        long hash = end - start;
        int surrogates = 0;
        boolean letter = false;
        boolean symbol = true;
        for (int i = start; i < end; i++) {
            char c = chars[i];
            hash = (hash ^ c) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
            int kind = WordChars.of(c);
            letter |= (kind & WordChars.LETTER) != 0;
            symbol &= (kind & WordChars.SYMBOL) != 0;
            if (Character.isHighSurrogate(c) && i + 1 < end) {
                surrogates++;
                letter |= Character.isLetter(Character.toCodePoint(c, chars[i + 1]));
            }
        }
        hashes[word] = hash;
        lengths[word] = end - start - surrogates;
        flags[word] = (byte) ((letter ? HAS_LETTER : 0) | (symbol ? SYMBOL : 0));
    }

    public int size() {
        return tokens.size();
    }

    public String get(int word) {
        return tokens.get(word);
    }

    /** Well-mixed; equal words have equal hashes, and unequal ones differ but for a chance of 2⁻⁶⁴. */
    public long hash(int word) {
        return hashes[word];
    }

    /** Code points. */
    public int length(int word) {
        return lengths[word];
    }

    public boolean hasLetter(int word) {
        return (flags[word] & HAS_LETTER) != 0;
    }

    /** Made of punctuation and control characters alone. */
    public boolean isSymbol(int word) {
        return (flags[word] & SYMBOL) != 0;
    }

    public boolean is(int word, String expected) {
        int start = tokens.start(word);
        return tokens.end(word) - start == expected.length() && text.startsWith(expected, start);
    }

    public int sentences() {
        return Sentences.count(text, tokens);
    }
}
