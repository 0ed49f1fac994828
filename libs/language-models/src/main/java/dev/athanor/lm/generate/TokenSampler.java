package dev.athanor.lm.generate;

import dev.athanor.lm.data.SampleOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses one sequence's tokens by the rules of {@link Sampling}. */
final class TokenSampler {

    /** Of SplitMix64; so that the first sequence's number does not stay 0. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Sampling sampling;
    private final SplittableRandom random;
    private final BitSet seen = new BitSet();

    /** @param sequence place in the batch: random numbers of one (seed, sequence) have nothing to do with those of another */
    TokenSampler(Sampling sampling, int sequence) {
        this.sampling = sampling;
        this.random = new SplittableRandom(SampleOrder.mix(sampling.seed() ^ SampleOrder.mix(sequence + GOLDEN)));
    }

    /** Tokens that count as repeated from now on. */
    void see(int token) {
        seen.set(token);
    }

    /** @param logits one for each token of the vocabulary; may be changed */
    int next(float[] logits) {
        penalize(logits);
        if (sampling.temperature() == 0) {
            return argmax(logits);
        }
        int[] order = candidates(logits);
        double[] p = probabilities(logits, order);
        int kept = kept(p);
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += p[i];
        }
        double draw = random.nextDouble() * sum;
        for (int i = 0; i < kept; i++) {
            draw -= p[i];
            if (draw < 0) {
                return order[i];
            }
        }
        return order[kept - 1];
    }

    private void penalize(float[] logits) {
        if (sampling.repetitionPenalty() != 1) {
            float penalty = (float) sampling.repetitionPenalty();
            seen.stream().forEach(id -> logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty);
        }
    }

    private static int argmax(float[] logits) {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            best = logits[id] > logits[best] ? id : best;
        }
        return best;
    }

    /**
     * The ids that top-k leaves, the most probable first and equal logits in the order of their ids. A vocabulary is long, and most of it
     * is never drawn: with top-k a heap of that size is kept instead of sorting all.
     */
    private int[] candidates(float[] logits) {
        int k = sampling.topK() == 0 ? logits.length : Math.min(sampling.topK(), logits.length);
        long[] keys = k < logits.length
                ? first(logits, k)
                : IntStream.range(0, logits.length)
                        .mapToLong(id -> key(logits, id))
                        .toArray();
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** Rises where the logit falls, then with the id. */
    private static long key(float[] logits, int id) {
        int bits = Float.floatToIntBits(logits[id] + 0f);
        int rising = bits >= 0 ? bits : bits ^ 0x7FFFFFFF;
        return ((long) ~rising) << 32 | id;
    }

    /** The {@code k} lowest keys, in a heap whose top is the highest of them. */
    private static long[] first(float[] logits, int k) {
        var heap = new long[k];
        for (int id = 0; id < k; id++) {
            heap[id] = key(logits, id);
        }
        for (int i = k / 2 - 1; i >= 0; i--) {
            sink(heap, i);
        }
        for (int id = k; id < logits.length; id++) {
            long key = key(logits, id);
            if (key < heap[0]) {
                heap[0] = key;
                sink(heap, 0);
            }
        }
        return heap;
    }

    private static void sink(long[] heap, int from) {
        long moved = heap[from];
        int i = from;
        for (int child = 2 * i + 1; child < heap.length; child = 2 * i + 1) {
            if (child + 1 < heap.length && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[child] <= moved) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = moved;
    }

    private double[] probabilities(float[] logits, int[] order) {
        var p = new double[order.length];
        double sum = 0;
        for (int i = 0; i < order.length; i++) {
            p[i] = Math.exp((logits[order[i]] - logits[order[0]]) / sampling.temperature());
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    private int kept(double[] p) {
        int kept = 0;
        double reached = 0;
        while (kept < p.length && (kept == 0 || (reached < sampling.topP() && p[kept] >= sampling.minP() * p[0]))) {
            reached += p[kept++];
        }
        return kept;
    }
}
