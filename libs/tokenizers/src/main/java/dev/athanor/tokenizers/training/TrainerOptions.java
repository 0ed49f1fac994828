package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.internal.ByteAlphabet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Options of the BPE and WordPiece trainers, with the Hugging Face library's names and defaults.
 *
 * @param vocabSize how many tokens to end with, special tokens and alphabet included
 * @param minFrequency pairs that occur less often are not merged
 * @param specialTokens take the first ids, in this order; their own ids do not matter
 * @param limitAlphabet most characters to start with
 * @param initialAlphabet code points that are in the alphabet whether they occur or not
 * @param continuingSubwordPrefix in front of every symbol but the first of a word
 * @param endOfWordSuffix behind the last symbol of a word
 * @param maxTokenLength longest token, in code points
 * @param symbolOrder symbols with a prefix or suffix that take their ids before the others of their kind, in this order. The
 *     reference numbers them in the order of a hash table with random keys; give the order of one of its files to repeat it
 */
public record TrainerOptions(
        int vocabSize,
        long minFrequency,
        List<AddedToken> specialTokens,
        int limitAlphabet,
        List<Integer> initialAlphabet,
        String continuingSubwordPrefix,
        String endOfWordSuffix,
        int maxTokenLength,
        List<String> symbolOrder) {

    public TrainerOptions {
        if (vocabSize < 1 || vocabSize > 10_000_000) {
            throw new IllegalArgumentException("vocabSize: " + vocabSize + ", expected 1 to 10000000");
        }
        if (minFrequency < 0) {
            throw new IllegalArgumentException("minFrequency: " + minFrequency + ", expected 0 or more");
        }
        specialTokens = List.copyOf(specialTokens);
        initialAlphabet = List.copyOf(initialAlphabet);
        symbolOrder = List.copyOf(symbolOrder);
    }

    /** The library's defaults for BPE. */
    public static TrainerOptions bpe(int vocabSize) {
        return new TrainerOptions(
                vocabSize, 0, List.of(), Integer.MAX_VALUE, List.of(), "", "", Integer.MAX_VALUE, List.of());
    }

    /** The library's defaults for WordPiece. */
    public static TrainerOptions wordPiece(int vocabSize) {
        return new TrainerOptions(
                vocabSize, 0, List.of(), Integer.MAX_VALUE, List.of(), "##", "", Integer.MAX_VALUE, List.of());
    }

    public TrainerOptions withMinFrequency(long frequency) {
        return new TrainerOptions(
                vocabSize,
                frequency,
                specialTokens,
                limitAlphabet,
                initialAlphabet,
                continuingSubwordPrefix,
                endOfWordSuffix,
                maxTokenLength,
                symbolOrder);
    }

    /** Special tokens by content, in the order of their ids. */
    public TrainerOptions withSpecialTokens(List<String> contents) {
        List<AddedToken> special = IntStream.range(0, contents.size())
                .mapToObj(id -> AddedToken.special(id, contents.get(id)))
                .toList();
        return new TrainerOptions(
                vocabSize,
                minFrequency,
                special,
                limitAlphabet,
                initialAlphabet,
                continuingSubwordPrefix,
                endOfWordSuffix,
                maxTokenLength,
                symbolOrder);
    }

    /** The most frequent characters only, so many of them. */
    public TrainerOptions withLimitAlphabet(int characters) {
        return new TrainerOptions(
                vocabSize,
                minFrequency,
                specialTokens,
                characters,
                initialAlphabet,
                continuingSubwordPrefix,
                endOfWordSuffix,
                maxTokenLength,
                symbolOrder);
    }

    public TrainerOptions withSymbolOrder(List<String> order) {
        return new TrainerOptions(
                vocabSize,
                minFrequency,
                specialTokens,
                limitAlphabet,
                initialAlphabet,
                continuingSubwordPrefix,
                endOfWordSuffix,
                maxTokenLength,
                order);
    }

    /** The whole byte alphabet from the start, so that every text can be encoded without loss. */
    public TrainerOptions withByteAlphabet() {
        List<Integer> alphabet = IntStream.range(0, 256)
                .mapToObj(b -> (int) ByteAlphabet.charOf(b))
                .toList();
        return new TrainerOptions(
                vocabSize,
                minFrequency,
                specialTokens,
                limitAlphabet,
                alphabet,
                continuingSubwordPrefix,
                endOfWordSuffix,
                maxTokenLength,
                symbolOrder);
    }
}
