package dev.athanor.inference.generation;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.generate.Generator;
import dev.athanor.lm.generate.Sampling;
import dev.athanor.lm.train.Precision;
import dev.athanor.tokenizers.ChatTokens;
import dev.athanor.tokenizers.EndToken;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A decoder and its tokenizer, which continue texts and conversations. For one thread at a time. */
public final class TextGenerator implements AutoCloseable {

    /**
     * @param text what was added to the prompt
     * @param stopped whether the model, or a stop text, ended it; otherwise it was cut off
     * @param tokens of the text
     */
    public record Completion(String text, boolean stopped, int tokens) {}

    private final LanguageModel model;
    private final NDManager weights;
    private final Tokenizer tokenizer;
    private final Generator generator;
    private final OptionalInt end;
    private final @Nullable ChatTokens chat;

    private TextGenerator(LanguageModel model, Tokenizer tokenizer, Precision precision) {
        this.model = model;
        this.tokenizer = tokenizer;
        weights = model.manager().newSubManager();
        var transformer =
                precision == Precision.FP32 ? model.transformer() : model.transformer(weights, precision.type());
        generator = new Generator(transformer, model.device(), tokenizer);
        end = EndToken.of(tokenizer);
        chat = chat(tokenizer);
    }

    private static @Nullable ChatTokens chat(Tokenizer tokenizer) {
        try {
            return ChatTokens.of(tokenizer);
        } catch (IllegalArgumentException e) {
            return null; // It has no tokens for who speaks.
        }
    }

    /**
     * @param folder of a language model with its tokenizer
     * @throws AthanorException INVALID_REQUEST if it is an encoder
     */
    public static TextGenerator load(Path folder, Device device, Precision precision) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(folder.resolve(TextClassifier.TOKENIZER_FILE));
        LanguageModel model = LanguageModel.load(folder, device);
        try {
            return new TextGenerator(model, tokenizer, precision);
        } catch (IllegalArgumentException e) {
            model.close();
            throw new AthanorException(ErrorCode.INVALID_REQUEST, "model: expected a decoder: " + e.getMessage(), e);
        }
    }

    /** The ids of a text to go on with; of an empty one, the token between documents. */
    public int[] prompt(String text) {
        var ids = new IntList();
        tokenizer.encodeIds(text, ids);
        if (ids.size() == 0) {
            end.ifPresent(ids::add);
        }
        return ids.toArray();
    }

    /** The ids of a conversation in which the assistant is to speak next; without tokens for who speaks, what was said as one text. */
    public int[] prompt(List<ChatTokens.Turn> turns) {
        return chat == null
                ? prompt(turns.stream().map(ChatTokens.Turn::text).collect(Collectors.joining("\n\n")))
                : chat.encode(turns, true).ids();
    }

    /** Prompts and what is added to them cannot be longer together. */
    public int context() {
        return model.config().context();
    }

    /**
     * @param prompts 1 to {@link #context} - 1 tokens each
     * @param sampling its stop tokens are added to those of the model
     * @param deadline of {@link System#nanoTime}
     * @param progress is told of the texts while they grow
     * @throws AthanorException TIMEOUT where it has passed
     */
    public List<Completion> complete(List<int[]> prompts, Sampling sampling, long deadline, TextProgress progress) {
        List<Integer> stops = new ArrayList<>(sampling.stopTokens());
        end.ifPresent(stops::add);
        if (chat != null) {
            stops.add(chat.end());
        }
        return generator
                .generate(prompts, sampling.stoppingAt(stops), new Generator.TokenListener() {
                    @Override
                    public void token(int sequence, int token) {
                        progress.goOn();
                        if (System.nanoTime() - deadline > 0) {
                            throw new AthanorException(ErrorCode.TIMEOUT, "the text was not finished in time");
                        }
                    }

                    @Override
                    public void text(int sequence, String text) {
                        progress.text(sequence, text);
                    }

                    @Override
                    public void ended(int sequence, Generator.End end) {
                        progress.ended(sequence, stopped(end));
                    }
                })
                .stream()
                .map(c -> new Completion(c.text(), stopped(c.end()), c.tokens().length))
                .toList();
    }

    private static boolean stopped(Generator.End end) {
        return end == Generator.End.STOP_TOKEN || end == Generator.End.STOP_TEXT;
    }

    @Override
    public void close() {
        weights.close();
        model.close();
    }
}
