package dev.athanor.tokenizer.vocabulary;

import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.tokenizers.pretokenizers.BertPreTokenizer;
import dev.athanor.tokenizers.pretokenizers.EnglishWords;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.TreebankWords;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;

/** Whole words, cut by the rules that the specification names. */
final class WordRecipe implements Recipe {

    @Override
    public String algorithm() {
        return "word";
    }

    private static PreTokenizer words(TrainTokenizerSpec spec) {
        return switch (spec.wordRules()) {
            case "treebank" -> new TreebankWords();
            case "english" -> new EnglishWords();
            default -> new BertPreTokenizer();
        };
    }

    @Override
    public WordCounter counter(TrainTokenizerSpec spec) {
        return new WordCounter(null, words(spec));
    }

    @Override
    public Trained train(WordCounts counts, TrainTokenizerSpec spec) {
        return WholePieces.train(counts, spec, words(spec), null);
    }
}
