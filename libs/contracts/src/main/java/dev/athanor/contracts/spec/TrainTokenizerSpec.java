package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * {@code tokenizer.train}: clean documents to {@code tokenizer.json}.
 *
 * @param algorithm {@code byte-level-bpe}, {@code wordpiece}, {@code unigram}
 * @param vocabularySize entries at most, special tokens included
 * @param minFrequency pairs (or words) rarer than this are not merged
 * @param specialTokens in order of their ids
 */
public record TrainTokenizerSpec(String algorithm, int vocabularySize, int minFrequency, List<String> specialTokens) {

    public static final TrainTokenizerSpec DEFAULTS = new TrainTokenizerSpec(
            "byte-level-bpe", 8192, 2, List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[BOS]", "[EOS]"));

    public TrainTokenizerSpec {
        Checks.oneOf("algorithm", algorithm, List.of("byte-level-bpe", "wordpiece", "unigram"));
        Checks.range("vocabularySize", vocabularySize, 300, 1_000_000);
        Checks.range("minFrequency", minFrequency, 1, 1_000_000);
        Checks.notEmpty("specialTokens", specialTokens);
        specialTokens = List.copyOf(specialTokens);
    }
}
