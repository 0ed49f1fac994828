package dev.athanor.lm.generate;

import ai.djl.Device;
import dev.athanor.libtorch.Autograd;
import dev.athanor.lm.host.HostDecoder;
import dev.athanor.lm.model.KeyValueCache;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Transformer;
import dev.athanor.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Continues token sequences with a decoder, a token at a time over a {@link KeyValueCache}. Prompts of a batch may differ in length.
 * The context is not slid: a sequence ends where it is full.
 */
public final class Generator {

    private final Transformer transformer;
    private final Device device;
    private final @Nullable Tokenizer tokenizer;
    private final boolean onHost;

    /** Why a sequence ended. */
    public enum End {
        MAX_TOKENS,
        STOP_TOKEN,
        STOP_TEXT,
        CONTEXT_FULL
    }

    /**
     * @param tokens the new ones, as many as the text needs: without a stop token, and with a stop text's first token only where that begins
     *     before it
     * @param text what they say, up to a stop text, without special tokens; empty where the generator has no tokenizer
     */
    public record Continuation(int[] tokens, String text, End end) {}

    /** Told of what is new as it is chosen; what it throws ends the generation. */
    public interface TokenListener {

        /**
         * A token was chosen; it may turn out to belong to a stop text.
         *
         * @param sequence place in the batch
         */
        void token(int sequence, int token);

        /**
         * The text has grown by this, which is never taken back: all that is told of makes up {@link Continuation#text}.
         *
         * @param sequence place in the batch
         * @param text never empty
         */
        default void text(int sequence, String text) {}

        /** @param sequence place in the batch; nothing more is told of it */
        default void ended(int sequence, End end) {}
    }

    /**
     * On the CPU, new positions are computed by {@link HostDecoder} where it can.
     *
     * @param device of the weights
     * @param tokenizer makes text of the new tokens; null where none is asked for, and there are no stop texts
     */
    public Generator(Transformer transformer, Device device, @Nullable Tokenizer tokenizer) {
        this(transformer, device, tokenizer, true);
    }

    /** @param onHost whether {@link HostDecoder} may be used */
    Generator(Transformer transformer, Device device, @Nullable Tokenizer tokenizer, boolean onHost) {
        if (transformer.config().stack() != ModelConfig.Stack.DECODER) {
            throw new IllegalArgumentException("an encoder cannot continue text");
        }
        this.transformer = transformer;
        this.device = device;
        this.tokenizer = tokenizer;
        this.onHost = onHost;
    }

    /** @param prompts at least one token each, fewer than the context */
    public List<Continuation> generate(List<int[]> prompts, Sampling sampling, TokenListener listener) {
        if (!sampling.stopTexts().isEmpty() && tokenizer == null) {
            throw new IllegalArgumentException("stop texts need a tokenizer");
        }
        int context = transformer.config().context();
        var stops = new StopTexts(sampling.stopTexts());
        List<Sequence> sequences = new ArrayList<>();
        for (int[] prompt : prompts) {
            if (prompt.length == 0 || prompt.length >= context) {
                throw new IllegalArgumentException(
                        "a prompt has " + prompt.length + " tokens, expected 1 to " + (context - 1));
            }
            GrowingText text = tokenizer == null ? null : new GrowingText(tokenizer, stops);
            sequences.add(new Sequence(sequences.size(), prompt, sampling, context, text));
        }
        HostDecoder host = onHost ? HostDecoder.of(transformer).orElse(null) : null;
        try (var decoding = new Decoding(transformer, host, device, sequences);
                Autograd.Scope noGrad = Autograd.noGrad()) {
            List<Sequence> going = sequences;
            while (!going.isEmpty()) {
                List<float[]> logits = decoding.logits(going);
                for (int i = 0; i < going.size(); i++) {
                    choose(going.get(i), logits.get(i), listener);
                }
                going = going.stream().filter(s -> !s.ended()).toList();
            }
        }
        return sequences.stream().map(Sequence::result).toList();
    }

    private static void choose(Sequence sequence, float[] logits, TokenListener listener) {
        int token = sequence.choose(logits);
        if (token >= 0) {
            listener.token(sequence.number, token);
        }
        String fresh = sequence.takeText();
        if (!fresh.isEmpty()) {
            listener.text(sequence.number, fresh);
        }
        sequence.end().ifPresent(end -> listener.ended(sequence.number, end));
    }
}
