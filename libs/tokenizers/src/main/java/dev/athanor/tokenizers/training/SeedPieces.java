package dev.athanor.tokenizers.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The substrings that Unigram training starts with: every character, and of the substrings that occur in several places with
 * different continuations (the inner nodes of the suffix tree of the list of words) those of the highest length times occurrences.
 */
final class SeedPieces {

    record Seed(String text, double weight) {}

    private final int[] text;
    private final int maxLength;

    private SeedPieces(List<int[]> words, int maxLength) {
        int length = 0;
        for (int[] word : words) {
            length = Math.addExact(length, word.length + 1);
        }
        text = new int[length];
        int at = 0;
        for (int[] word : words) {
            System.arraycopy(word, 0, text, at, word.length);
            at += word.length + 1; // 0 ends a word
        }
        this.maxLength = maxLength;
    }

    static List<Seed> of(List<int[]> words, long[] counts, int maxLength, int limit) {
        Map<Integer, Long> characters = new HashMap<>();
        for (int w = 0; w < counts.length; w++) {
            for (int c : words.get(w)) {
                characters.merge(c, counts[w], Long::sum);
            }
        }
        List<Seed> seeds = new ArrayList<>();
        characters.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey())
                        .reversed())
                .forEach(e -> seeds.add(new Seed(Character.toString(e.getKey()), e.getValue())));
        List<Seed> substrings = new SeedPieces(words, maxLength).substrings();
        substrings.sort(Comparator.comparingDouble(Seed::weight)
                .reversed()
                .thenComparing(Seed::text, Comparator.reverseOrder()));
        seeds.addAll(substrings.subList(0, Math.clamp(limit - seeds.size(), 0, substrings.size())));
        return seeds;
    }

    /** Sorts the suffixes by their first characters, and reads the tree's inner nodes off the common prefixes. */
    private List<Seed> substrings() {
        int[] suffixes =
                IntStream.range(0, text.length).filter(i -> text[i] != 0).toArray();
        new SuffixSort(text, maxLength + 1).sort(suffixes);
        List<Seed> seeds = new ArrayList<>();
        int[] nodeDepth = new int[maxLength + 2];
        int[] nodeStart = new int[maxLength + 2];
        int open = 0;
        for (int i = 1; i <= suffixes.length; i++) {
            int common = i == suffixes.length ? 0 : common(suffixes[i - 1], suffixes[i]);
            int start = i - 1;
            while (open > 0 && nodeDepth[open - 1] > common) {
                open--;
                start = nodeStart[open];
                add(suffixes[start], nodeDepth[open], i - start, seeds);
            }
            if (common > 0 && (open == 0 || nodeDepth[open - 1] < common)) {
                nodeDepth[open] = common;
                nodeStart[open++] = start;
            }
        }
        return seeds;
    }

    private void add(int at, int length, int occurrences, List<Seed> seeds) {
        if (length >= 2 && length <= maxLength && text[at + length - 1] != 0) {
            seeds.add(new Seed(new String(text, at, length), (double) occurrences * length));
        }
    }

    /** How many characters two suffixes share, up to one more than matters; the end of a word counts, and ends the count. */
    private int common(int a, int b) {
        int n = 0;
        while (n <= maxLength && text[a + n] == text[b + n]) {
            if (text[a + n++] == 0) {
                break;
            }
        }
        return n;
    }
}
