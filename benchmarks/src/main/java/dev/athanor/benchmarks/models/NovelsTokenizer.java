package dev.athanor.benchmarks.models;

import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import java.util.List;

/** A byte-level BPE trained on the novels that are trained on. */
final class NovelsTokenizer {

    private static final String END = "<|endoftext|>";

    private NovelsTokenizer() {}

    static Tokenizer train(Novels novels, int vocabulary) {
        var counter = new WordCounter(null, new ByteLevel(false, true, true));
        novels.trainingTexts().forEach(counter::count);
        var trainer =
                new BpeTrainer(TrainerOptions.bpe(vocabulary).withByteAlphabet().withSpecialTokens(List.of(END)));
        var model = trainer.train(counter.counts());
        return Tokenizer.of(
                TokenizerSpec.of(new ByteLevel(false, true, true), model, new ByteLevelDecoder(true, true, true))
                        .withAddedTokens(trainer.specialTokens()));
    }

    /** The id that stands before each document. */
    static int end(Tokenizer tokenizer) {
        return tokenizer.tokenToId(END);
    }
}
