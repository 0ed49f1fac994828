package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.models.Unigram.ScoredToken;
import dev.athanor.tokenizers.training.SeedPieces.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Learns a unigram language model (Kudo 2018) as the Hugging Face trainer does: many substrings to start with, expectation
 * maximization of their probabilities, and in turns removal of those whose loss costs the least likelihood. Sums are made in fixed
 * parts, so that the result does not depend on the number of threads.
 */
public final class UnigramTrainer {

    /** Pieces expected less often than this are dropped. */
    private static final double LEAST_EXPECTED = 0.5;

    /** Words are cut to this many code points, which bounds the lattices. */
    private static final int MAX_WORD = 1024;

    private static final double UNSEEN_STEP = 0.0001;

    private final UnigramOptions options;

    private long symbolsRead;

    public UnigramTrainer(UnigramOptions options) {
        this.options = options;
    }

    /** Characters that the last training read: those of all words, once for each step of expectation maximization and each pruning. */
    public long symbolsRead() {
        return symbolsRead;
    }

    public Unigram train(WordCounts counts) {
        List<int[]> words = new ArrayList<>(counts.size());
        long[] frequency = new long[counts.size()];
        Set<Integer> required = new TreeSet<>();
        counts.forEachSorted((b, from, to, n) -> {
            int[] word = new String(b, from, to - from, StandardCharsets.UTF_8)
                    .codePoints()
                    .limit(MAX_WORD)
                    .map(c -> c == 0 ? 0xFFFD : c)
                    .toArray();
            frequency[words.size()] = n;
            words.add(word);
            for (int c : word) {
                required.add(c);
            }
        });
        List<Seed> seeds = SeedPieces.of(words, frequency, options.maxPieceLength(), options.seedSize());
        UnigramLattices lattices = new UnigramLattices(words, frequency, seeds);
        double[] scores = logProbabilities(seeds);
        int[] pieces = new int[seeds.size()];
        Arrays.setAll(pieces, i -> i);
        // The reference counts its unknown token among the pieces.
        int wanted = options.vocabSize() * 11 / 10;
        long characters = words.stream().mapToLong(word -> word.length).sum();
        symbolsRead = 0;
        while (true) {
            symbolsRead += characters * (options.subIterations() + 1);
            for (int i = 0; i < options.subIterations(); i++) {
                lattices.setScores(scores, pieces);
                pieces = maximize(pieces, lattices.expected(), scores);
            }
            if (pieces.length + 1 <= wanted) {
                break;
            }
            lattices.setScores(scores, pieces);
            pieces = prune(pieces, lattices, wanted);
            lattices.keepOnly(pieces);
        }
        return finish(seeds, pieces, scores, required);
    }

    private static double[] logProbabilities(List<Seed> seeds) {
        double sum = 0;
        for (Seed seed : seeds) {
            sum += seed.weight();
        }
        double[] scores = new double[seeds.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.log(seeds.get(i).weight()) - Math.log(sum);
        }
        return scores;
    }

    /** The M step with the sparse prior of a Dirichlet process (Liang and Klein 2007): exp(digamma(n)) in place of n. */
    private static int[] maximize(int[] pieces, double[] expected, double[] scores) {
        int[] kept =
                Arrays.stream(pieces).filter(p -> expected[p] >= LEAST_EXPECTED).toArray();
        double sum = 0;
        for (int p : kept) {
            sum += expected[p];
        }
        double logSum = digamma(sum);
        for (int p : kept) {
            scores[p] = digamma(expected[p]) - logSum;
        }
        return kept;
    }

    private record Candidate(int piece, double loss) {}

    private int[] prune(int[] pieces, UnigramLattices lattices, int wanted) {
        double[] frequency = lattices.bestPathCounts();
        double sum = 0;
        for (double f : frequency) {
            sum += f;
        }
        double logSum = Math.log(sum);
        double all = lattices.totalFrequency();
        List<Integer> kept = new ArrayList<>();
        List<Candidate> candidates = new ArrayList<>();
        UnigramLattices.Alternative[] alternatives = new UnigramLattices.Alternative[pieces.length];
        Arrays.parallelSetAll(alternatives, i -> lattices.alternative(pieces[i]));
        for (int i = 0; i < pieces.length; i++) {
            int p = pieces[i];
            UnigramLattices.Alternative alternative = alternatives[i];
            if (frequency[p] == 0 && !alternative.pieceIsBest()) {
                continue;
            }
            int[] parts = alternative.parts();
            if (parts.length == 0) {
                kept.add(p);
                continue;
            }
            if (frequency[p] == 0) {
                continue;
            }
            double logPiece = Math.log(frequency[p]) - logSum;
            // SentencePiece counts all pieces here where the number of parts is meant, and the reference follows it.
            double logSumWithout = Math.log(sum + frequency[p] * pieces.length);
            double logParts = 0;
            for (int part : parts) {
                double of = part == UnigramLattices.UNKNOWN ? 0 : frequency[part];
                logParts += Math.log(of + frequency[p]) - logSumWithout;
            }
            candidates.add(new Candidate(p, frequency[p] / all * (logPiece - logParts)));
        }
        int target = Math.max(wanted, (int) ((pieces.length + 1) * options.shrinkingFactor()));
        candidates.sort(Comparator.comparingDouble(Candidate::loss).reversed());
        for (Candidate candidate : candidates) {
            if (kept.size() + 1 >= target) {
                break;
            }
            kept.add(candidate.piece());
        }
        return kept.stream().mapToInt(p -> p).toArray();
    }

    /** All characters that occur, the best of the other pieces, special tokens in front. */
    private Unigram finish(List<Seed> seeds, int[] pieces, double[] scores, Set<Integer> required) {
        double least = 0;
        for (int p : pieces) {
            least = Math.min(least, scores[p]);
        }
        List<ScoredToken> special = new ArrayList<>();
        options.specialTokens().forEach(t -> special.add(new ScoredToken(t.content(), 0)));
        String unk = options.unkToken();
        Integer unkId = unk == null ? null : indexOf(options.specialTokens(), unk);
        if (unk != null && unkId == null) {
            special.addFirst(new ScoredToken(unk, 0));
            unkId = 0;
        }
        List<ScoredToken> tokens = new ArrayList<>();
        Set<String> known = new HashSet<>();
        special.forEach(t -> known.add(t.token()));
        for (int p : pieces) {
            String text = seeds.get(p).text();
            if (text.codePointCount(0, text.length()) == 1 && known.add(text)) {
                tokens.add(new ScoredToken(text, scores[p]));
            }
        }
        double unseen = 0;
        for (int c : required) {
            String text = Character.toString(c);
            if (known.add(text)) {
                tokens.add(new ScoredToken(text, least + unseen));
                unseen += UNSEEN_STEP;
            }
        }
        for (int i = 0; i < pieces.length && tokens.size() + special.size() < options.vocabSize(); i++) {
            String text = seeds.get(pieces[i]).text();
            if (known.add(text)) {
                tokens.add(new ScoredToken(text, scores[pieces[i]]));
            }
        }
        tokens.sort(Comparator.comparingDouble(ScoredToken::score).reversed().thenComparing(ScoredToken::token));
        special.addAll(tokens);
        return new Unigram(special, unkId, false);
    }

    private static @Nullable Integer indexOf(List<AddedToken> tokens, String content) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).content().equals(content)) {
                return i;
            }
        }
        return null;
    }

    private static double digamma(double value) {
        double x = value;
        double result = 0;
        for (; x < 7; x++) {
            result -= 1 / x;
        }
        x -= 0.5;
        double xx = 1 / (x * x);
        double x4 = xx * xx;
        return result + Math.log(x) + xx / 24 - 7.0 / 960 * x4 + 31.0 / 8064 * x4 * xx - 127.0 / 30720 * x4 * x4;
    }
}
