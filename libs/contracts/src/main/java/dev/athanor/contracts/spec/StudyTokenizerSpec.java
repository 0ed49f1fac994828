package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * {@code tokenizer.study}: trains tokenizers of several algorithms and sizes on clean documents and measures them on held-out text.
 *
 * @param algorithms as {@link TrainTokenizerSpec#algorithm}
 * @param vocabularySizes each is trained with each algorithm
 * @param heldOutFraction share of the documents that is measured and not trained on, chosen by a hash of the document id and the seed
 * @param heldOutMiB most text that is measured, in UTF-8
 * @param minFrequency as in training
 * @param specialTokens as in training
 * @param wordRules as in training
 * @param memoryMiB as in training, for all algorithms together while counting
 */
public record StudyTokenizerSpec(
        List<String> algorithms,
        List<Integer> vocabularySizes,
        double heldOutFraction,
        int heldOutMiB,
        int minFrequency,
        List<String> specialTokens,
        String wordRules,
        int memoryMiB) {

    public static final StudyTokenizerSpec DEFAULTS = new StudyTokenizerSpec(
            List.of("byte-level-bpe", "byte-fallback-bpe", "wordpiece", "unigram"),
            List.of(2048, 4096, 8192, 16384, 32768),
            0.05,
            16,
            TrainTokenizerSpec.DEFAULTS.minFrequency(),
            TrainTokenizerSpec.DEFAULTS.specialTokens(),
            TrainTokenizerSpec.DEFAULTS.wordRules(),
            TrainTokenizerSpec.DEFAULTS.memoryMiB());

    private static final int MOST_TRAININGS = 100;

    public StudyTokenizerSpec {
        Checks.notEmpty("algorithms", algorithms);
        Checks.notEmpty("vocabularySizes", vocabularySizes);
        algorithms = algorithms.stream().distinct().toList();
        vocabularySizes = vocabularySizes.stream().distinct().sorted().toList();
        Checks.range("vocabularySizes", (long) algorithms.size() * vocabularySizes.size(), 1, MOST_TRAININGS);
        Checks.range("heldOutFraction", heldOutFraction, 0.001, 0.5);
        Checks.range("heldOutMiB", heldOutMiB, 1, 1024);
        for (String algorithm : algorithms) {
            for (int size : vocabularySizes) {
                new TrainTokenizerSpec(algorithm, size, minFrequency, specialTokens, wordRules, memoryMiB);
            }
        }
        specialTokens = List.copyOf(specialTokens);
    }

    /** The training of one of the tokenizers. */
    public TrainTokenizerSpec training(String algorithm, int vocabularySize) {
        return new TrainTokenizerSpec(algorithm, vocabularySize, minFrequency, specialTokens, wordRules, memoryMiB);
    }
}
