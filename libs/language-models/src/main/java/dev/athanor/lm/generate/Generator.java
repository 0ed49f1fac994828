package dev.athanor.lm.generate;

import ai.djl.Device;
import dev.athanor.libtorch.Autograd;
import dev.athanor.lm.host.HostDecoder;
import dev.athanor.lm.model.KeyValueCache;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Continues token sequences with a decoder, a token at a time over a {@link KeyValueCache}. Prompts of a batch may differ in length.
 * The context is not slid: a sequence ends where it is full.
 */
public final class Generator {

    private final Transformer transformer;
    private final Device device;
    private final @Nullable Function<int[], String> decode;
    private final boolean onHost;

    /** Why a sequence ended. */
    public enum End {
        MAX_TOKENS,
        STOP_TOKEN,
        STOP_TEXT,
        CONTEXT_FULL
    }

    /** @param tokens the new ones, without a stop token or the tokens of a stop text */
    public record Continuation(int[] tokens, End end) {}

    /** Told of every token as it is chosen; a token that later turns out to belong to a stop text has been told of too. */
    public interface TokenListener {
        /** @param sequence place in the batch */
        void token(int sequence, int token);
    }

    /**
     * On the CPU, new positions are computed by {@link HostDecoder} where it can.
     *
     * @param device of the weights
     * @param decode new tokens to text, needed where there are stop texts
     */
    public Generator(Transformer transformer, Device device, @Nullable Function<int[], String> decode) {
        this(transformer, device, decode, true);
    }

    /** @param onHost whether {@link HostDecoder} may be used */
    Generator(Transformer transformer, Device device, @Nullable Function<int[], String> decode, boolean onHost) {
        if (transformer.config().stack() != ModelConfig.Stack.DECODER) {
            throw new IllegalArgumentException("an encoder cannot continue text");
        }
        this.transformer = transformer;
        this.device = device;
        this.decode = decode;
        this.onHost = onHost;
    }

    /** @param prompts at least one token each, fewer than the context */
    public List<Continuation> generate(List<int[]> prompts, Sampling sampling, TokenListener listener) {
        if (!sampling.stopTexts().isEmpty() && decode == null) {
            throw new IllegalArgumentException("stop texts need a decoder of tokens");
        }
        int context = transformer.config().context();
        List<Sequence> sequences = new ArrayList<>();
        for (int[] prompt : prompts) {
            if (prompt.length == 0 || prompt.length >= context) {
                throw new IllegalArgumentException(
                        "a prompt has " + prompt.length + " tokens, expected 1 to " + (context - 1));
            }
            sequences.add(new Sequence(sequences.size(), prompt, sampling, context, decode));
        }
        HostDecoder host = onHost ? HostDecoder.of(transformer).orElse(null) : null;
        try (var decoding = new Decoding(transformer, host, device, sequences);
                Autograd.Scope noGrad = Autograd.noGrad()) {
            List<Sequence> going = sequences;
            while (!going.isEmpty()) {
                List<float[]> logits = decoding.logits(going);
                for (int i = 0; i < going.size(); i++) {
                    int token = going.get(i).choose(logits.get(i));
                    if (token >= 0) {
                        listener.token(sequences.indexOf(going.get(i)), token);
                    }
                }
                going = going.stream().filter(s -> !s.ended()).toList();
            }
        }
        return sequences.stream().map(Sequence::result).toList();
    }
}
