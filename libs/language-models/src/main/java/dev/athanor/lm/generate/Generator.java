package dev.athanor.lm.generate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.lm.Devices;
import dev.athanor.lm.model.KeyValueCache;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Continues token sequences with a decoder, a token at a time over a {@link KeyValueCache}. Prompts of a batch may differ in length:
 * those of one length are worked on together. The context is not slid: a sequence ends where it is full.
 */
public final class Generator {

    private final Transformer transformer;
    private final Device device;
    private final @Nullable Function<int[], String> decode;

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
     * @param device of the weights
     * @param decode new tokens to text, needed where there are stop texts
     */
    public Generator(Transformer transformer, Device device, @Nullable Function<int[], String> decode) {
        if (transformer.config().stack() != ModelConfig.Stack.DECODER) {
            throw new IllegalArgumentException("an encoder cannot continue text");
        }
        this.transformer = transformer;
        this.device = device;
        this.decode = decode;
    }

    /** @param prompts at least one token each, fewer than the context */
    public List<Continuation> generate(List<int[]> prompts, Sampling sampling, TokenListener listener) {
        if (!sampling.stopTexts().isEmpty() && decode == null) {
            throw new IllegalArgumentException("stop texts need a decoder of tokens");
        }
        int context = transformer.config().context();
        var results = new Continuation[prompts.size()];
        for (int[] prompt : prompts) {
            if (prompt.length == 0 || prompt.length >= context) {
                throw new IllegalArgumentException(
                        "a prompt has " + prompt.length + " tokens, expected 1 to " + (context - 1));
            }
        }
        int[] lengths =
                prompts.stream().mapToInt(p -> p.length).distinct().sorted().toArray();
        for (int length : lengths) {
            int[] members = IntStream.range(0, prompts.size())
                    .filter(i -> prompts.get(i).length == length)
                    .toArray();
            new Batch(prompts, members, sampling, listener).run(results);
        }
        return List.of(results);
    }

    /** Sequences of equal length, of which finished ones drop out. */
    private final class Batch {
        private final Sampling sampling;
        private final TokenListener listener;
        private final List<Sequence> active = new ArrayList<>();

        Batch(List<int[]> prompts, int[] members, Sampling sampling, TokenListener listener) {
            this.sampling = sampling;
            this.listener = listener;
            for (int member : members) {
                active.add(new Sequence(member, prompts.get(member), sampling));
            }
        }

        void run(Continuation[] results) {
            try (NDManager manager = Devices.newManager(device);
                    KeyValueCache cache = new KeyValueCache(manager);
                    Autograd.Scope noGrad = Autograd.noGrad()) {
                int[][] inputs = active.stream().map(s -> s.prompt).toArray(int[][]::new);
                while (!active.isEmpty()) {
                    float[][] logits = logits(manager, cache, inputs);
                    for (int i = 0; i < active.size(); i++) {
                        active.get(i).take(active.get(i).sampler.next(logits[i]), cache.length());
                    }
                    int[] going = IntStream.range(0, active.size())
                            .filter(i -> active.get(i).end == null)
                            .toArray();
                    active.stream().filter(s -> s.end != null).forEach(s -> results[s.place] = s.result());
                    if (going.length < active.size()) {
                        List<Sequence> left =
                                Arrays.stream(going).mapToObj(active::get).toList();
                        active.clear();
                        active.addAll(left);
                        cache.select(going);
                    }
                    inputs = active.stream().map(s -> new int[] {s.last()}).toArray(int[][]::new);
                }
            }
        }

        /** Of the last position of each sequence. */
        private float[][] logits(NDManager manager, KeyValueCache cache, int[][] inputs) {
            int B = inputs.length;
            int T = inputs[0].length;
            try (NDManager scope = manager.newSubManager()) {
                long[] ids = Arrays.stream(inputs)
                        .flatMapToInt(Arrays::stream)
                        .asLongStream()
                        .toArray();
                NDArray ids_BT = scope.create(ids, new Shape(B, T));
                NDArray hidden_BTC = transformer
                        .forward(new Transformer.Input(ids_BT, null, null, false, cache))
                        .hidden_BTC();
                NDArray last_B1C = LtFunctions.narrow(hidden_BTC, 1, T - 1, 1);
                float[] flat = transformer
                        .heads()
                        .logits(last_B1C)
                        .toType(DataType.FLOAT32, false)
                        .toFloatArray();
                int V = flat.length / B;
                return IntStream.range(0, B)
                        .mapToObj(b -> Arrays.copyOfRange(flat, b * V, (b + 1) * V))
                        .toArray(float[][]::new);
            }
        }

        private final class Sequence {
            final int place;
            final int[] prompt;
            final TokenSampler sampler;
            final List<Integer> tokens = new ArrayList<>();

            @Nullable
            End end;

            Sequence(int place, int[] prompt, Sampling sampling) {
                this.place = place;
                this.prompt = prompt;
                this.sampler = new TokenSampler(sampling, place);
                Arrays.stream(prompt).forEach(sampler::see);
            }

            int last() {
                return tokens.getLast();
            }

            /** @param computed positions in the cache, the new token not among them */
            void take(int token, int computed) {
                if (sampling.stopTokens().contains(token)) {
                    end = End.STOP_TOKEN;
                    return;
                }
                tokens.add(token);
                sampler.see(token);
                listener.token(place, token);
                if (endsWithStopText()) {
                    end = End.STOP_TEXT;
                } else if (tokens.size() == sampling.maxTokens()) {
                    end = End.MAX_TOKENS;
                } else if (computed + 1 > transformer.config().context()) {
                    end = End.CONTEXT_FULL;
                }
            }

            private boolean endsWithStopText() {
                return !sampling.stopTexts().isEmpty() && stopAt(text(tokens.size())) >= 0;
            }

            private int stopAt(String text) {
                return sampling.stopTexts().stream()
                        .mapToInt(text::indexOf)
                        .filter(at -> at >= 0)
                        .min()
                        .orElse(-1);
            }

            private String text(int count) {
                int[] ids = tokens.subList(0, count).stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
                return java.util.Objects.requireNonNull(decode).apply(ids);
            }

            Continuation result() {
                int kept = tokens.size();
                if (end == End.STOP_TEXT) {
                    int at = stopAt(text(kept));
                    while (kept > 0 && text(kept).length() > at) {
                        kept--;
                    }
                }
                int[] ids = tokens.subList(0, kept).stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
                return new Continuation(ids, java.util.Objects.requireNonNull(end));
            }
        }
    }
}
