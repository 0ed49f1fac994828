package dev.athanor.lm.generate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses one sequence's tokens by the rules of {@link Sampling}. */
final class TokenSampler {

    private final Sampling sampling;
    private final SplittableRandom random;
    private final BitSet seen = new BitSet();

    /** @param sequence place in the batch: each sequence has random numbers of its own */
    TokenSampler(Sampling sampling, int sequence) {
        this.sampling = sampling;
        this.random = new SplittableRandom(sampling.seed() * 0x9E3779B97F4A7C15L + sequence);
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
        int[] order = byFallingLogit(logits);
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

    /** All ids, or with top-k only its first; equal logits in the order of their ids. */
    private int[] byFallingLogit(float[] logits) {
        int count = sampling.topK() == 0 ? logits.length : Math.min(sampling.topK(), logits.length);
        long[] keys = new long[logits.length];
        for (int id = 0; id < logits.length; id++) {
            int bits = Float.floatToIntBits(logits[id] + 0f);
            int rising = bits >= 0 ? bits : bits ^ 0x7FFFFFFF;
            keys[id] = ((long) ~rising) << 32 | id;
        }
        Arrays.sort(keys);
        return IntStream.range(0, count).map(i -> (int) keys[i]).toArray();
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
