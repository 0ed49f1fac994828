package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * {@code tokenizer.train}: clean documents to {@code tokenizer.json}.
 *
 * @param algorithm {@code byte-level-bpe}, {@code byte-fallback-bpe}, {@code wordpiece}, {@code unigram}, {@code word},
 *     {@code character}, {@code byte}
 * @param vocabularySize entries at most, special tokens included; what an algorithm cannot do without (special tokens, bytes) is there
 *     even if it is more
 * @param minFrequency pairs (or words, or characters) rarer than this do not become tokens
 * @param specialTokens in order of their ids
 * @param wordRules how {@code word} cuts text: {@code punctuation} (at white space and punctuation), {@code treebank} (as NLTK does),
 *     {@code english} (as spaCy does)
 * @param memoryMiB heap that counting and training may take, about; where the different words of a corpus do not fit, the rarest are
 *     left out
 */
public record TrainTokenizerSpec(
        String algorithm,
        int vocabularySize,
        int minFrequency,
        List<String> specialTokens,
        String wordRules,
        int memoryMiB) {

    public static final List<String> ALGORITHMS =
            List.of("byte-level-bpe", "byte-fallback-bpe", "wordpiece", "unigram", "word", "character", "byte");

    public static final List<String> WORD_RULES = List.of("punctuation", "treebank", "english");

    public static final TrainTokenizerSpec DEFAULTS = new TrainTokenizerSpec(
            "byte-level-bpe",
            8192,
            2,
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[BOS]", "[EOS]"),
            "punctuation",
            2048);

    public TrainTokenizerSpec {
        Checks.oneOf("algorithm", algorithm, ALGORITHMS);
        Checks.range("vocabularySize", vocabularySize, 32, 1_000_000);
        Checks.range("minFrequency", minFrequency, 1, 1_000_000);
        Checks.notEmpty("specialTokens", specialTokens);
        specialTokens = List.copyOf(specialTokens);
        Checks.oneOf("wordRules", wordRules, WORD_RULES);
        Checks.range("memoryMiB", memoryMiB, 1, 1 << 20);
    }

    /** The same for another algorithm and size. */
    public TrainTokenizerSpec of(String newAlgorithm, int newSize) {
        return new TrainTokenizerSpec(newAlgorithm, newSize, minFrequency, specialTokens, wordRules, memoryMiB);
    }
}
