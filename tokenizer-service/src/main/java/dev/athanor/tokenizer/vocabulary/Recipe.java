package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;

/** How one algorithm counts words and makes a tokenizer of the counts; registered in {@link Recipes}. */
public interface Recipe {

    /** The name in {@link TrainTokenizerSpec#algorithm}. */
    String algorithm();

    /** A fresh counter with the algorithm's normalizer and pre-tokenizer. */
    WordCounter counter(TrainTokenizerSpec spec);

    Trained train(WordCounts counts, TrainTokenizerSpec spec);

    /**
     * What training gave.
     *
     * @param symbolsRead symbols that training read, all passes together: its cost, whatever the machine
     */
    record Trained(TokenizerSpec tokenizer, long symbolsRead) {}
}
