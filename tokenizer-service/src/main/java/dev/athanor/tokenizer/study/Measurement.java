package dev.athanor.tokenizer.study;

import java.util.SortedMap;

/**
 * One trained tokenizer, measured on held-out text.
 *
 * @param vocabularySize that was asked for
 * @param vocabulary that came out
 * @param text over all languages
 * @param vocabularyUsed share of the vocabulary that occurs in the held-out text
 * @param frequency95 how often 95% of the learnt tokens (those of several characters) occur in the training text at least
 * @param trainingSymbols symbols that training read, all passes together: its cost, whatever the machine
 * @param languages by language of the documents; {@code und} where it is not known
 */
public record Measurement(
        String algorithm,
        int vocabularySize,
        int vocabulary,
        TextMeasure text,
        double vocabularyUsed,
        long frequency95,
        long trainingSymbols,
        SortedMap<String, TextMeasure> languages) {}
