package dev.athanor.lm;

import ai.djl.Device;
import dev.athanor.lm.train.Precision;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A saved {@link SequenceClassifier} with its tokenizer: {@code config.json}, {@code model.safetensors} and
 * {@code tokenizer.json} in one folder. Safe for many threads.
 */
public final class TextClassifier implements AutoCloseable {

    public static final String TOKENIZER_FILE = "tokenizer.json";

    private final SequenceClassifier model;
    private final TextEncoder encoder;

    private TextClassifier(SequenceClassifier model, TextEncoder encoder) {
        this.model = model;
        this.encoder = encoder;
    }

    /** @throws IOException if a file is missing, or they do not fit together */
    public static TextClassifier load(Path folder, Device device, Precision precision) throws IOException {
        Tokenizer tokenizer;
        try {
            tokenizer = Tokenizer.load(folder.resolve(TOKENIZER_FILE));
        } catch (IllegalArgumentException e) {
            throw new IOException(TOKENIZER_FILE + ": " + e.getMessage(), e);
        }
        SequenceClassifier model = SequenceClassifier.load(folder, device, precision);
        try {
            int rows = model.config().vocabularySize();
            if (tokenizer.vocabSize() > rows) {
                throw new IOException("the tokenizer has " + tokenizer.vocabSize() + " ids, the model only " + rows);
            }
            return new TextClassifier(model, new TextEncoder(tokenizer, model.maxTokens()));
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Closed with this. */
    public SequenceClassifier model() {
        return model;
    }

    /** Cuts texts to what the model takes. */
    public TextEncoder encoder() {
        return encoder;
    }

    /** In the order of the classes. */
    public List<String> labels() {
        return model.labels();
    }

    /** Probabilities of the classes, one row a text. */
    public float[][] predict(List<String> texts) {
        return model.predict(
                texts.stream().map(text -> encoder.encode(text).ids()).toArray(int[][]::new));
    }

    @Override
    public void close() {
        model.close();
    }
}
