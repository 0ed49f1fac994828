package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.internal.ByteTrie;
import dev.athanor.tokenizers.training.SeedPieces.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * All ways to cut each word into pieces. Which pieces lie where is found once; scores change and pieces go from round to round.
 * Probabilities are multiplied as they are in short words, where no underflow is possible, and as logarithms in long ones.
 */
final class UnigramLattices {

    /** Stands for a character that no piece covers. */
    static final int UNKNOWN = -1;

    /** Words are dealt out to so many parts, whatever the number of threads, so that sums are made in one order. */
    private static final int PARTS = 8;

    /** The least score that counts: {@code exp(-20 * 32)} is far from underflow. */
    private static final int LONGEST_LINEAR = 32;

    private static final double LEAST_LINEAR_SCORE = -20;
    private static final double UNK_PENALTY = 10;

    private final long[] frequency;
    private final byte[][] pieceBytes;
    private final ByteTrie trie = new ByteTrie();
    private final Part[] parts = new Part[PARTS];
    private final double[] scores;
    private final double[] probabilities;
    private final boolean[] alive;
    private double unkScore;

    UnigramLattices(List<int[]> words, long[] frequency, List<Seed> seeds) {
        this.frequency = frequency;
        int n = seeds.size();
        pieceBytes = new byte[n][];
        scores = new double[n];
        probabilities = new double[n];
        alive = new boolean[n];
        for (int p = 0; p < n; p++) {
            pieceBytes[p] = seeds.get(p).text().getBytes(StandardCharsets.UTF_8);
            trie.put(pieceBytes[p], p);
            alive[p] = true;
        }
        int size = (words.size() + PARTS - 1) / PARTS;
        inParallel(k ->
                parts[k] = new Part(words, Math.min(k * size, words.size()), Math.min((k + 1) * size, words.size())));
    }

    private static void inParallel(IntConsumer task) {
        IntStream.range(0, PARTS).parallel().forEach(task);
    }

    /** The pieces that may be used, and the logarithms of their probabilities. */
    void setScores(double[] newScores, int[] pieces) {
        Arrays.fill(alive, false);
        double least = 0;
        for (int p : pieces) {
            alive[p] = true;
            scores[p] = newScores[p];
            probabilities[p] = Math.exp(newScores[p]);
            least = Math.min(least, newScores[p]);
        }
        unkScore = least - UNK_PENALTY;
    }

    /** Forgets the places of all other pieces. */
    void keepOnly(int[] pieces) {
        Arrays.fill(alive, false);
        for (int p : pieces) {
            alive[p] = true;
        }
        inParallel(k -> parts[k].forgetDead());
    }

    double totalFrequency() {
        double sum = 0;
        for (long f : frequency) {
            sum += f;
        }
        return sum;
    }

    /** The E step: how often each piece is expected to occur in all words. */
    double[] expected() {
        return summed(k -> parts[k].expected());
    }

    /** How often each piece occurs in the best cuts of all words. */
    double[] bestPathCounts() {
        return summed(k -> parts[k].bestPathCounts());
    }

    private double[] summed(IntFunction<double[]> part) {
        double[][] sums = new double[PARTS][];
        inParallel(k -> sums[k] = part.apply(k));
        double[] total = sums[0];
        for (int k = 1; k < PARTS; k++) {
            for (int p = 0; p < total.length; p++) {
                total[p] += sums[k][p];
            }
        }
        return total;
    }

    /**
     * What would stand in a piece's place without it.
     *
     * @param pieceIsBest whether the piece itself is its best cut
     * @param parts the best cut without the piece; empty if there is none, or the piece is not its own best cut
     */
    record Alternative(boolean pieceIsBest, int[] parts) {}

    Alternative alternative(int piece) {
        byte[] b = pieceBytes[piece];
        int n = b.length;
        double[] best = new double[n + 1];
        int[] from = new int[n + 1];
        int[] by = new int[n + 1];
        Arrays.fill(from, -1);
        from[0] = 0;
        for (int start = 0; start < n; start++) {
            if (from[start] < 0) {
                continue;
            }
            int characterEnd = start + 1;
            while (characterEnd < n && (b[characterEnd] & 0xC0) == 0x80) {
                characterEnd++;
            }
            boolean single = false;
            int node = 0;
            for (int p = start; p < n && (node = trie.child(node, b[p] & 0xFF)) != ByteTrie.NONE; p++) {
                int id = trie.value(node);
                if (id == ByteTrie.NONE || !alive[id] || id == piece) {
                    continue;
                }
                relax(best, from, by, start, p + 1, best[start] + scores[id], id);
                single |= p + 1 == characterEnd;
            }
            if (!single && !(characterEnd == n && start == 0)) {
                relax(best, from, by, start, characterEnd, best[start] + unkScore, UNKNOWN);
            }
        }
        if (from[n] < 0) {
            return new Alternative(true, new int[0]);
        }
        if (best[n] > scores[piece]) {
            return new Alternative(false, new int[0]);
        }
        IntList parts = new IntList();
        for (int end = n; end > 0; end = from[end]) {
            parts.add(by[end]);
        }
        return new Alternative(true, parts.toArray());
    }

    private static void relax(double[] best, int[] from, int[] by, int start, int end, double score, int id) {
        if (from[end] < 0 || score > best[end]) {
            best[end] = score;
            from[end] = start;
            by[end] = id;
        }
    }

    /** Some of the words: the places of pieces, word by word and by where they start. */
    private final class Part {

        private final int firstWord;
        private final int[] lengths;
        private final int[] edgeStarts;
        /** start of the edge in the word << 16 | end of it. */
        private int[] spans;

        private int[] pieces;
        private final int longest;

        Part(List<int[]> words, int firstWord, int endWord) {
            this.firstWord = firstWord;
            lengths = new int[endWord - firstWord];
            edgeStarts = new int[endWord - firstWord + 1];
            IntList spanList = new IntList(1 << 12);
            IntList pieceList = new IntList(1 << 12);
            int most = 0;
            for (int w = 0; w < lengths.length; w++) {
                int[] word = words.get(firstWord + w);
                lengths[w] = word.length;
                most = Math.max(most, word.length);
                edges(word, spanList, pieceList);
                edgeStarts[w + 1] = spanList.size();
            }
            longest = most;
            spans = spanList.toArray();
            pieces = pieceList.toArray();
        }

        private void edges(int[] word, IntList spanList, IntList pieceList) {
            byte[] b = new String(word, 0, word.length).getBytes(StandardCharsets.UTF_8);
            int p = 0;
            for (int start = 0; start < word.length; start++) {
                int node = 0;
                int end = start;
                for (int q = p; q < b.length; q++) {
                    node = trie.child(node, b[q] & 0xFF);
                    if (node == ByteTrie.NONE) {
                        break;
                    }
                    boolean whole = q + 1 == b.length || (b[q + 1] & 0xC0) != 0x80;
                    end += whole ? 1 : 0;
                    if (whole && trie.value(node) != ByteTrie.NONE) {
                        spanList.add(start << 16 | end);
                        pieceList.add(trie.value(node));
                    }
                }
                p++;
                while (p < b.length && (b[p] & 0xC0) == 0x80) {
                    p++;
                }
            }
        }

        void forgetDead() {
            int out = 0;
            for (int w = 0; w < lengths.length; w++) {
                int from = edgeStarts[w];
                edgeStarts[w] = out;
                for (int e = from; e < edgeStarts[w + 1]; e++) {
                    if (alive[pieces[e]]) {
                        spans[out] = spans[e];
                        pieces[out++] = pieces[e];
                    }
                }
            }
            edgeStarts[lengths.length] = out;
            spans = Arrays.copyOf(spans, out);
            pieces = Arrays.copyOf(pieces, out);
        }

        double[] expected() {
            double[] expected = new double[scores.length];
            double[] alpha = new double[longest + 1];
            double[] beta = new double[longest + 1];
            for (int w = 0; w < lengths.length; w++) {
                if (lengths[w] == 0) {
                    continue;
                }
                if (lengths[w] <= LONGEST_LINEAR) {
                    expectedLinear(w, alpha, beta, expected);
                } else {
                    expectedLog(w, alpha, beta, expected);
                }
            }
            return expected;
        }

        private void expectedLinear(int w, double[] alpha, double[] beta, double[] expected) {
            int n = lengths[w];
            int from = edgeStarts[w];
            int to = edgeStarts[w + 1];
            Arrays.fill(alpha, 0, n + 1, 0);
            Arrays.fill(beta, 0, n + 1, 0);
            double unk = Math.exp(Math.max(unkScore, LEAST_LINEAR_SCORE));
            long single = 0;
            alpha[0] = 1;
            int e = from;
            for (int start = 0; start < n; start++) {
                double here = alpha[start];
                for (; e < to && spans[e] >>> 16 == start; e++) {
                    if (alive[pieces[e]]) {
                        int end = spans[e] & 0xFFFF;
                        alpha[end] += here * probabilities[pieces[e]];
                        single |= end == start + 1 ? 1L << start : 0;
                    }
                }
                if ((single >>> start & 1) == 0) {
                    alpha[start + 1] += here * unk;
                }
            }
            beta[n] = 1;
            double weight = frequency[firstWord + w] / alpha[n];
            e = to - 1;
            for (int start = n - 1; start >= 0; start--) {
                double sum = (single >>> start & 1) == 0 ? beta[start + 1] * unk : 0;
                for (; e >= from && spans[e] >>> 16 == start; e--) {
                    int piece = pieces[e];
                    if (alive[piece]) {
                        double tail = probabilities[piece] * beta[spans[e] & 0xFFFF];
                        sum += tail;
                        expected[piece] += alpha[start] * tail * weight;
                    }
                }
                beta[start] = sum;
            }
        }

        private void expectedLog(int w, double[] alpha, double[] beta, double[] expected) {
            int n = lengths[w];
            int from = edgeStarts[w];
            int to = edgeStarts[w + 1];
            Arrays.fill(alpha, 0, n + 1, Double.NEGATIVE_INFINITY);
            Arrays.fill(beta, 0, n + 1, Double.NEGATIVE_INFINITY);
            boolean[] single = new boolean[n];
            alpha[0] = 0;
            int e = from;
            for (int start = 0; start < n; start++) {
                for (; e < to && spans[e] >>> 16 == start; e++) {
                    if (alive[pieces[e]]) {
                        int end = spans[e] & 0xFFFF;
                        alpha[end] = logAdd(alpha[end], alpha[start] + scores[pieces[e]]);
                        single[start] |= end == start + 1;
                    }
                }
                if (!single[start]) {
                    alpha[start + 1] = logAdd(alpha[start + 1], alpha[start] + unkScore);
                }
            }
            beta[n] = 0;
            e = to - 1;
            for (int start = n - 1; start >= 0; start--) {
                double sum = single[start] ? Double.NEGATIVE_INFINITY : beta[start + 1] + unkScore;
                for (; e >= from && spans[e] >>> 16 == start; e--) {
                    int piece = pieces[e];
                    if (alive[piece]) {
                        double tail = scores[piece] + beta[spans[e] & 0xFFFF];
                        sum = logAdd(sum, tail);
                        expected[piece] += frequency[firstWord + w] * Math.exp(alpha[start] + tail - alpha[n]);
                    }
                }
                beta[start] = sum;
            }
        }

        private static double logAdd(double a, double b) {
            double high = Math.max(a, b);
            double low = Math.min(a, b);
            return low == Double.NEGATIVE_INFINITY || high > low + 50 ? high : high + Math.log1p(Math.exp(low - high));
        }

        double[] bestPathCounts() {
            double[] counts = new double[scores.length];
            double[] best = new double[longest + 1];
            int[] by = new int[longest + 1];
            int[] cameFrom = new int[longest + 1];
            for (int w = 0; w < lengths.length; w++) {
                bestPath(w, best, cameFrom, by);
                for (int end = lengths[w]; end > 0; end = cameFrom[end]) {
                    if (by[end] != UNKNOWN) {
                        counts[by[end]] += frequency[firstWord + w];
                    }
                }
            }
            return counts;
        }

        private void bestPath(int w, double[] best, int[] cameFrom, int[] by) {
            int n = lengths[w];
            Arrays.fill(cameFrom, 0, n + 1, -1);
            best[0] = 0;
            int e = edgeStarts[w];
            for (int start = 0; start < n; start++) {
                boolean single = false;
                for (; e < edgeStarts[w + 1] && spans[e] >>> 16 == start; e++) {
                    if (alive[pieces[e]]) {
                        int end = spans[e] & 0xFFFF;
                        relax(best, cameFrom, by, start, end, best[start] + scores[pieces[e]], pieces[e]);
                        single |= end == start + 1;
                    }
                }
                if (!single) {
                    relax(best, cameFrom, by, start, start + 1, best[start] + unkScore, UNKNOWN);
                }
            }
        }
    }
}
