package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.AddedToken;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Options of the Unigram trainer, with the Hugging Face library's names and defaults.
 *
 * @param vocabSize how many tokens to end with, special tokens included
 * @param subIterations steps of expectation maximization between two prunings
 * @param shrinkingFactor the share of the pieces that a pruning keeps
 * @param maxPieceLength longest piece, in code points
 * @param seedSize most substrings to start with
 * @param specialTokens take the first ids, in this order
 * @param unkToken the unknown token, or null for none; it is put first if it is not among the special tokens
 */
public record UnigramOptions(
        int vocabSize,
        int subIterations,
        double shrinkingFactor,
        int maxPieceLength,
        int seedSize,
        List<AddedToken> specialTokens,
        @Nullable String unkToken) {

    public UnigramOptions {
        if (vocabSize < 1) {
            throw new IllegalArgumentException("vocabSize: " + vocabSize + ", expected 1 or more");
        }
        if (subIterations < 1) {
            throw new IllegalArgumentException("subIterations: " + subIterations + ", expected 1 or more");
        }
        if (!(shrinkingFactor > 0 && shrinkingFactor < 1)) {
            throw new IllegalArgumentException("shrinkingFactor: " + shrinkingFactor + ", expected between 0 and 1");
        }
        if (maxPieceLength < 1 || maxPieceLength > 64) {
            throw new IllegalArgumentException("maxPieceLength: " + maxPieceLength + ", expected 1 to 64");
        }
        specialTokens = List.copyOf(specialTokens);
    }

    /** The library's defaults. */
    public static UnigramOptions of(int vocabSize) {
        return new UnigramOptions(vocabSize, 2, 0.75, 16, 1_000_000, List.of(), null);
    }

    /** Special tokens by content, in the order of their ids; {@code unkToken} may be one of them. */
    public UnigramOptions withSpecialTokens(List<String> contents, @Nullable String unk) {
        List<AddedToken> special = IntStream.range(0, contents.size())
                .mapToObj(id -> AddedToken.special(id, contents.get(id)))
                .toList();
        return new UnigramOptions(vocabSize, subIterations, shrinkingFactor, maxPieceLength, seedSize, special, unk);
    }
}
