package dev.athanor.lm.generate;

import java.util.List;

/**
 * How the next token is chosen from the logits. The rules apply in this order: repetition penalty, temperature, top-k, top-p, min-p;
 * what is left is drawn from.
 *
 * @param maxTokens new tokens at most
 * @param temperature the logits are divided by it; 0 = the most probable token always (greedy)
 * @param topK only the so many most probable tokens; 0 = all
 * @param topP only the most probable tokens that together reach this probability; 1 = all
 * @param minP only tokens with at least this share of the most probable one's probability; 0 = all
 * @param repetitionPenalty logits of tokens that are in the context are divided by it if positive and multiplied if negative (Keskar
 *     et al. 2019); 1 = none
 * @param stopTokens ids that end a sequence; they are not given out
 * @param stopTexts texts that end a sequence, wherever in the tokens they begin and end; neither they nor what follows is given out. The
 *     first to be complete counts, of several at once the longest
 * @param seed of the random numbers; equal seeds give equal texts
 */
public record Sampling(
        int maxTokens,
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        List<Integer> stopTokens,
        List<String> stopTexts,
        long seed) {

    /** The most probable token each time, for 64 tokens. */
    public static final Sampling GREEDY = new Sampling(64, 0, 0, 1, 0, 1, List.of(), List.of(), 0);

    public Sampling {
        check(maxTokens >= 1, "maxTokens", maxTokens, "at least 1");
        check(temperature >= 0, "temperature", temperature, "at least 0");
        check(topK >= 0, "topK", topK, "at least 0");
        check(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1");
        check(minP >= 0 && minP <= 1, "minP", minP, "from 0 to 1");
        check(repetitionPenalty > 0, "repetitionPenalty", repetitionPenalty, "above 0");
        stopTokens = List.copyOf(stopTokens);
        stopTexts = List.copyOf(stopTexts);
        check(stopTexts.stream().noneMatch(String::isEmpty), "stopTexts", stopTexts, "no empty text");
        check(stopTexts.stream().noneMatch(Sampling::hasHalfCharacters), "stopTexts", stopTexts, "whole characters");
    }

    /** This, with other stop tokens. */
    public Sampling stoppingAt(List<Integer> tokens) {
        return new Sampling(maxTokens, temperature, topK, topP, minP, repetitionPenalty, tokens, stopTexts, seed);
    }

    private static boolean hasHalfCharacters(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static void check(boolean holds, String field, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("sampling " + field + " is " + value + ", expected " + expected);
        }
    }
}
