package dev.athanor.evaluation.inspection;

import ai.djl.Device;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.inspect.Inspectable;
import dev.athanor.lm.inspect.ValueDistributions.Example;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decoder, whose next token is explained, or an encoder, whose token at the mask is. */
final class LanguageModelSubject implements Subject {

    private static final List<String> MASKS = List.of("[MASK]", "<mask>");

    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final boolean decoder;
    /** -1 = none. */
    private final int mask;

    LanguageModelSubject(Path folder, Device device) throws IOException {
        tokenizer = Tokenizer.load(folder.resolve("tokenizer.json"));
        model = LanguageModel.load(folder, device);
        decoder = model.config().stack() == ModelConfig.Stack.DECODER;
        mask = MASKS.stream()
                .mapToInt(tokenizer::tokenToId)
                .filter(id -> id >= 0)
                .findFirst()
                .orElse(-1);
    }

    @Override
    public Inspectable model() {
        return Inspectable.of(model);
    }

    /** With the special tokens that an encoder was trained with; a decoder is to go on with the text. */
    @Override
    public Tokens tokens(String text, int maxTokens) {
        Tokens tokens = Tokens.of(
                text,
                tokenizer.encode(text, !decoder),
                Math.min(maxTokens, model.config().context()));
        if (tokens.ids().length == 0) {
            throw Subject.refused("texts: a text has no tokens; expected at least one");
        }
        return tokens;
    }

    @Override
    public int row(Tokens tokens) {
        if (decoder) {
            return tokens.ids().length - 1;
        }
        for (int i = 0; i < tokens.ids().length; i++) {
            if (tokens.ids()[i] == mask) {
                return i;
            }
        }
        throw Subject.refused(
                mask < 0
                        ? "model: an encoder's prediction is that of a masked token, but the tokenizer has none of "
                                + MASKS
                        : "texts: an encoder's prediction is that of a masked token, but a text has no "
                                + tokenizer.idToToken(mask) + " among its first " + tokens.ids().length + " tokens");
    }

    @Override
    public @Nullable Integer target(String name) {
        if (name.isEmpty()) {
            return null;
        }
        int known = tokenizer.tokenToId(name);
        if (known >= 0) {
            return known;
        }
        int[] ids = tokenizer.encodeIds(name);
        if (ids.length != 1) {
            throw Subject.refused("target: expected one token, but '" + name + "' is " + ids.length);
        }
        return ids[0];
    }

    @Override
    public String targetName(int target) {
        return tokenizer.decode(new int[] {target}, false);
    }

    /** Of a decoder the next tokens, of an encoder the tokens themselves where they are not masked. */
    @Override
    public Example example(Tokens tokens, @Nullable Integer target) {
        if (decoder) {
            return Example.nextTokens(tokens.ids());
        }
        int[] targets = tokens.ids().clone();
        for (int i = 0; i < targets.length; i++) {
            targets[i] = targets[i] == mask ? Example.NONE : targets[i];
        }
        return new Example(tokens.ids(), targets);
    }

    @Override
    public void close() {
        model.close();
    }
}
