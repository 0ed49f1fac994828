package dev.athanor.tokenizers.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The special cases as a hash table over character ranges, and those among them that span several tokens. */
final class SpecialTable {

    static final SpecialTable NONE = new SpecialTable(Map.of());

    private final char[][] keys;
    private final long[] hashes;
    private final int[][] tokenEnds;
    /** By the low bits of the first and the last character: whether there is such a case. */
    private final boolean[] ends = new boolean[1 << 14];

    private final int mask;
    private final int longest;
    /** Texts of the tokens that the rules alone would make of a special case of one token, joined by NUL. */
    private final Set<String> sequences = new HashSet<>();
    /** By the first character of a token. */
    private final boolean[] inSequence = new boolean[1 << 16];

    /** By the low bits of the hash of a sequence's first two tokens: whether there is such a sequence. */
    private final boolean[] beginsSequence = new boolean[1 << 14];

    private int longestSequence;

    SpecialTable(Map<String, List<String>> cases) {
        int capacity = Math.max(2, Integer.highestOneBit(cases.size() * 8));
        keys = new char[capacity][];
        hashes = new long[capacity];
        tokenEnds = new int[capacity][];
        mask = capacity - 1;
        longest = cases.keySet().stream().mapToInt(String::length).max().orElse(0);
        cases.forEach(this::put);
    }

    void addSequence(List<String> tokens) {
        sequences.add(String.join("\0", tokens));
        longestSequence = Math.max(longestSequence, tokens.size());
        tokens.forEach(t -> inSequence[t.charAt(0)] = true);
        beginsSequence[pair(Tokens.hashOf(tokens.get(0)), Tokens.hashOf(tokens.get(1)))] = true;
    }

    private int pair(long first, long second) {
        return (int) ((first * 31 + second) >>> 7) & beginsSequence.length - 1;
    }

    private void put(String chunk, List<String> tokens) {
        char[] key = chunk.toCharArray();
        long hash = hash(key, 0, key.length);
        int slot = (int) hash & mask;
        while (keys[slot] != null) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        hashes[slot] = hash;
        ends[(key[0] & 127) << 7 | key[key.length - 1] & 127] = true;
        tokenEnds[slot] = new int[tokens.size()];
        int end = 0;
        for (int i = 0; i < tokens.size(); i++) {
            end += tokens.get(i).length();
            tokenEnds[slot][i] = end;
        }
    }

    boolean contains(char[] text, int lo, int hi) {
        return find(text, lo, hi) >= 0;
    }

    /** Adds the special case's tokens; false where the range is none. */
    boolean emit(char[] text, int lo, int hi, Tokens tokens) {
        return emit(find(text, lo, hi), lo, tokens);
    }

    /** The same where the range's hash is known. */
    boolean emit(long hash, char[] text, int lo, int hi, Tokens tokens) {
        return hi - lo <= longest && mayBe(text[lo], text[hi - 1]) && emit(find(hash, text, lo, hi), lo, tokens);
    }

    private boolean emit(int slot, int lo, Tokens tokens) {
        if (slot < 0) {
            return false;
        }
        int from = lo;
        for (int end : tokenEnds[slot]) {
            tokens.add(from, lo + end);
            from = lo + end;
        }
        return true;
    }

    private int find(char[] text, int lo, int hi) {
        int length = hi - lo;
        if (length > longest || length == 0 || !mayBe(text[lo], text[hi - 1])) {
            return -1;
        }
        return find(hash(text, lo, hi), text, lo, hi);
    }

    private int find(long hash, char[] text, int lo, int hi) {
        for (int slot = (int) hash & mask; keys[slot] != null; slot = (slot + 1) & mask) {
            if (hashes[slot] == hash && Arrays.equals(keys[slot], 0, keys[slot].length, text, lo, hi)) {
                return slot;
            }
        }
        return -1;
    }

    private boolean mayBe(char first, char last) {
        return ends[(first & 127) << 7 | last & 127];
    }

    private static long hash(char[] text, int lo, int hi) {
        long hash = 0;
        for (int i = lo; i < hi; i++) {
            hash = Tokens.hash(hash, text[i]);
        }
        return Tokens.finish(hash);
    }

    /** Whether a token of this one character can be part of a special case of several tokens. */
    boolean inSequence(char c) {
        return inSequence[c];
    }

    /**
     * Joins runs of tokens that together are a special case ({@code :} {@code )} becomes {@code :)});
     * the longest runs first, then the earliest.
     */
    void joinSequences(Tokens tokens, char[] text) {
        var found = new ArrayList<int[]>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.start(i + 1) != tokens.end(i)
                    || !inSequence[text[tokens.start(i)]]
                    || !beginsSequence[pair(tokens.hash(i), tokens.hash(i + 1))]) {
                continue;
            }
            var joined = new StringBuilder(tokens.get(i));
            for (int n = 2; n <= longestSequence && i + n <= tokens.size(); n++) {
                if (tokens.start(i + n - 1) != tokens.end(i + n - 2)) {
                    break;
                }
                joined.append('\0').append(tokens.get(i + n - 1));
                if (sequences.contains(joined.toString())) {
                    found.add(new int[] {i, n});
                }
            }
        }
        if (!found.isEmpty()) {
            found.sort((a, b) -> a[1] != b[1] ? b[1] - a[1] : a[0] - b[0]);
            replace(tokens, withoutOverlaps(found, tokens.size()));
        }
    }

    private static TreeMap<Integer, int[]> withoutOverlaps(List<int[]> spans, int size) {
        var taken = new BitSet(size);
        var kept = new TreeMap<Integer, int[]>();
        for (int[] span : spans) {
            int first = span[0];
            int end = first + span[1];
            if (taken.nextSetBit(first) < 0 || taken.nextSetBit(first) >= end) {
                taken.set(first, end);
                kept.put(first, span);
            }
        }
        return kept;
    }

    private static void replace(Tokens tokens, TreeMap<Integer, int[]> spans) {
        int out = 0;
        for (int i = 0; i < tokens.size(); ) {
            int[] span = spans.get(i);
            if (span == null) {
                tokens.join(out++, i, i);
                i++;
            } else {
                tokens.join(out++, i, i + span[1] - 1);
                i += span[1];
            }
        }
        tokens.truncate(out);
    }
}
