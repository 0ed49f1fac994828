package dev.athanor.lm.testing;

import ai.djl.Device;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.TextEncoder;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Models with real files that are made in a moment. */
public final class TinyModels {

    private TinyModels() {}

    /** A byte-level tokenizer of at most 300 tokens with an end token, trained on the texts. */
    public static Tokenizer tokenizer(List<String> texts) {
        var preTokenizer = new ByteLevel(false, true, true);
        var counter = new WordCounter(null, preTokenizer);
        texts.forEach(counter::count);
        var trainer = new BpeTrainer(
                TrainerOptions.bpe(300).withSpecialTokens(List.of("[EOS]")).withByteAlphabet());
        var model = trainer.train(counter.counts());
        return Tokenizer.of(TokenizerSpec.of(preTokenizer, model, new ByteLevelDecoder(false, true, true))
                .withAddedTokens(trainer.specialTokens()));
    }

    /** {@code config.json}, {@code model.safetensors} and {@code tokenizer.json} of an untrained model with 2 layers. */
    public static Path languageModel(Path folder, List<String> texts) throws IOException {
        Tokenizer tokenizer = tokenizer(texts);
        ModelConfig config =
                ModelConfig.llama(tokenizer.vocabSize(), 64, 2, 2, 32).build();
        try (LanguageModel model = LanguageModel.create(config, 1, Device.cpu())) {
            model.save(folder);
        }
        tokenizer.save(folder.resolve(TextClassifier.TOKENIZER_FILE));
        return folder;
    }

    /** A classifier that has seen each text so many times; class index of each text given. */
    public static Path classifier(Path folder, List<String> labels, List<String> texts, int[] classes, int passes)
            throws IOException {
        Path base = languageModel(folder.resolve("base"), texts);
        Tokenizer tokenizer = Tokenizer.load(base.resolve(TextClassifier.TOKENIZER_FILE));
        var encoder = new TextEncoder(tokenizer, 64);
        int[][] ids = texts.stream().map(text -> encoder.encode(text).ids()).toArray(int[][]::new);
        try (var model = SequenceClassifier.create(base, labels, SequenceClassifier.Options.DEFAULTS, Device.cpu())) {
            for (int pass = 0; pass < passes; pass++) {
                model.trainStep(ids, classes, 3e-3);
            }
            model.save(folder);
        }
        tokenizer.save(folder.resolve(TextClassifier.TOKENIZER_FILE));
        return folder;
    }
}
