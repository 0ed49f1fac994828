package dev.athanor.tokenizers.training;

import java.io.IOException;
import java.util.TreeMap;

/**
 * The words of many sorted runs that training has memory for: all of them, or those that are frequent enough. Which words are left
 * out depends on the counts and the bound alone, not on how the counts were made.
 *
 * @param counts the words that are kept
 * @param minCount words that occur less often were left out; 1 if all were kept
 * @param words different words before that
 * @param occurrences of all words before that
 */
public record BoundedWordCounts(WordCounts counts, long minCount, long words, long occurrences) {

    /**
     * Bytes of heap that training takes for a word and for each byte of one: an estimate, counted for BPE, whose words, symbols, pairs and
     * lists of words by pair are all in memory.
     */
    private static final long PER_WORD = 160;

    private static final long PER_BYTE = 32;

    /** What training on the words takes of the heap, about. */
    static long heapBytes(long words, long bytes) {
        return words * PER_WORD + bytes * PER_BYTE;
    }

    /**
     * Reads the runs twice: first to find out how frequent a word must be, then to keep those words.
     *
     * @param maxHeapBytes what training may take of the heap, about
     */
    public static BoundedWordCounts of(WordRuns runs, long maxHeapBytes) throws IOException {
        Histogram histogram = new Histogram();
        runs.forEach((word, from, to, count) -> histogram.add(count, to - from));
        long minCount = histogram.minCount(maxHeapBytes);
        WordCounts kept = new WordCounts();
        runs.forEach((word, from, to, count) -> {
            if (count >= minCount) {
                kept.add(word, from, to, count);
            }
        });
        return new BoundedWordCounts(kept, minCount, histogram.words, histogram.occurrences);
    }

    /** How many words there are of each count, and how many bytes they have. */
    private static final class Histogram {

        private final TreeMap<Long, long[]> wordsAndBytes = new TreeMap<>();
        private long words;
        private long occurrences;

        void add(long count, int bytes) {
            long[] sums = wordsAndBytes.computeIfAbsent(count, c -> new long[2]);
            sums[0]++;
            sums[1] += bytes;
            words++;
            occurrences = Math.addExact(occurrences, count);
        }

        /** The smallest count such that all words of that count and more fit. */
        long minCount(long maxHeapBytes) {
            long keptWords = 0;
            long keptBytes = 0;
            long minCount = wordsAndBytes.isEmpty() ? 1 : wordsAndBytes.lastKey() + 1;
            for (var entry : wordsAndBytes.descendingMap().entrySet()) {
                keptWords += entry.getValue()[0];
                keptBytes += entry.getValue()[1];
                if (heapBytes(keptWords, keptBytes) > maxHeapBytes) {
                    return minCount;
                }
                minCount = entry.getKey();
            }
            return 1;
        }
    }
}
