package dev.athanor.tokenizer.study;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which of the measured tokenizers to take. For each algorithm the largest vocabulary of which 95% of the learnt tokens occur at least
 * 100 times in the training text (the rule of thumb of Gowda and May 2020, "Finding the optimal vocabulary size for neural machine
 * translation"), or its smallest where none is; of these, among the ones that know nearly all text, the one with the most bytes per
 * token.
 */
public record Recommendation(String algorithm, int vocabularySize, String reason) {

    private static final long OFTEN = 100;
    private static final double NEARLY_NONE = 0.001;

    static Recommendation of(List<Measurement> measurements) {
        Map<String, Measurement> best = new LinkedHashMap<>();
        for (Measurement m : measurements) {
            best.merge(m.algorithm(), m, (a, b) -> supported(b) && b.vocabularySize() > a.vocabularySize() ? b : a);
        }
        List<Measurement> known = best.values().stream()
                .filter(m -> m.text().unknownRate() <= NEARLY_NONE)
                .toList();
        boolean allKnow = !known.isEmpty();
        Measurement chosen = (allKnow ? known : List.copyOf(best.values()))
                .stream()
                        .max(Comparator.comparingDouble(m -> m.text().bytesPerToken()))
                        .orElseThrow();
        return new Recommendation(chosen.algorithm(), chosen.vocabularySize(), reason(chosen, allKnow));
    }

    private static boolean supported(Measurement m) {
        return m.frequency95() >= OFTEN;
    }

    private static String reason(Measurement chosen, boolean allKnow) {
        String size = supported(chosen)
                ? "it is the largest size at which 95% of the learnt tokens occur at least " + OFTEN
                        + " times in the training text (here " + chosen.frequency95() + " times)"
                : "it is the smallest size; at every size more than 5% of the learnt tokens occur less than " + OFTEN
                        + " times in the training text (here 5% occur at most " + chosen.frequency95()
                        + " times): more text, or a smaller vocabulary, would train the embeddings better";
        String algorithm = allKnow
                ? "of the algorithms that leave at most 0.1% of the tokens unknown, it packs the most text into a token"
                : "every algorithm leaves more than 0.1% of the tokens unknown; it packs the most text into a token";
        return String.format(
                Locale.ROOT, "%s (%.2f bytes), and %s", algorithm, chosen.text().bytesPerToken(), size);
    }
}
