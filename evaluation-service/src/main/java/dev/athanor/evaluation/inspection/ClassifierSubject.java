package dev.athanor.evaluation.inspection;

import ai.djl.Device;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.TextEncoder;
import dev.athanor.lm.inspect.Inspectable;
import dev.athanor.lm.inspect.ValueDistributions.Example;
import dev.athanor.lm.scores.Probabilities;
import dev.athanor.lm.train.Precision;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A classifier, which makes one prediction a text. */
final class ClassifierSubject implements Subject {

    private final SequenceClassifier model;
    private final Tokenizer tokenizer;

    ClassifierSubject(Path folder, Device device) throws IOException {
        tokenizer = Tokenizer.load(folder.resolve(TextClassifier.TOKENIZER_FILE));
        model = SequenceClassifier.load(folder, device, Precision.FP32);
    }

    @Override
    public Inspectable model() {
        return Inspectable.of(model);
    }

    @Override
    public Tokens tokens(String text, int maxTokens) {
        TextEncoder.Encoded encoded = new TextEncoder(tokenizer, Math.min(maxTokens, model.maxTokens())).encode(text);
        return Tokens.of(text, tokenizer, encoded.ids(), encoded.truncated());
    }

    @Override
    public int row(Tokens tokens) {
        return 0;
    }

    @Override
    public @Nullable Integer target(String name) {
        if (name.isEmpty()) {
            return null;
        }
        int known = model.labels().indexOf(name);
        if (known < 0) {
            throw Subject.refused("target: expected one of " + model.labels() + ", got '" + name + "'");
        }
        return known;
    }

    @Override
    public String targetName(int target) {
        return model.labels().get(target);
    }

    @Override
    public Example example(Tokens tokens, @Nullable Integer target) {
        int right = target != null ? target : Probabilities.argMax(model.predict(new int[][] {tokens.ids()}))[0];
        return new Example(tokens.ids(), new int[] {right});
    }

    @Override
    public void close() {
        model.close();
    }
}
