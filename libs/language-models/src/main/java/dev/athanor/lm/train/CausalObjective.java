package dev.athanor.lm.train;

import ai.djl.Device;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.MixedWindows;
import dev.athanor.lm.data.PackedRows;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.data.TokenWindows;
import dev.athanor.lm.model.Transformer;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Every token is predicted from those before it in its window. */
public final class CausalObjective implements Objective {

    private final Windows windows;
    private final @Nullable TokenStream validation;
    private final long validationTokens;

    /** Where the batches come from. */
    private record Windows(
            int length, long samples, BiFunction<Long, Integer, TokenBatch> shuffled, String fingerprint) {}

    /** Windows are read as one text, whatever documents they are of. */
    public CausalObjective(
            TokenStream tokens, int length, long seed, @Nullable TokenStream validation, long validationTokens) {
        this(tokens, length, seed, false, validation, validationTokens);
    }

    /**
     * @param length T, at most the model's context
     * @param apart whether the documents of a window neither see nor predict each other; in validation they do
     * @param validation held-out tokens, or null
     * @param validationTokens scored at each validation, at most
     */
    public CausalObjective(
            TokenStream tokens,
            int length,
            long seed,
            boolean apart,
            @Nullable TokenStream validation,
            long validationTokens) {
        this(windows(new TokenWindows(tokens, length, seed, apart)), validation, validationTokens);
    }

    /** Windows of several streams in given shares. */
    public CausalObjective(MixedWindows mixture, @Nullable TokenStream validation, long validationTokens) {
        this(
                new Windows(mixture.length(), mixture.count(), mixture::shuffled, mixture.fingerprint()),
                validation,
                validationTokens);
    }

    /** Rows of packed documents, which neither see nor predict each other; in validation they do. */
    public CausalObjective(PackedRows rows, @Nullable TokenStream validation, long validationTokens) {
        this(
                new Windows(rows.length(), rows.count(), rows::shuffled, rows.fingerprint()),
                validation,
                validationTokens);
    }

    private CausalObjective(Windows windows, @Nullable TokenStream validation, long validationTokens) {
        this.windows = windows;
        this.validation = validation != null && validation.size() > 1 ? validation : null;
        this.validationTokens = validationTokens;
    }

    private static Windows windows(TokenWindows plain) {
        return new Windows(
                plain.length(),
                plain.count(),
                plain::shuffled,
                "tokens=" + plain.tokens().size() + " length=" + plain.length()
                        + (plain.apart() ? " documents apart" : ""));
    }

    @Override
    public int length() {
        return windows.length();
    }

    @Override
    public long samples() {
        return windows.samples();
    }

    @Override
    public TokenBatch batch(long step, int rows) {
        return windows.shuffled().apply(step, rows);
    }

    @Override
    public int validationBatches(int rows) {
        return validation == null
                ? 0
                : new Perplexity.HeldOut(validation, windows.length(), rows, validationTokens).batches();
    }

    @Override
    public Score validate(Transformer transformer, Device device, int rows, int batch) {
        TokenBatch tokens = new Perplexity.HeldOut(
                        Objects.requireNonNull(validation), windows.length(), rows, validationTokens)
                .batch(batch);
        return new Score(Perplexity.nats(transformer, device, tokens), tokens.targets());
    }

    @Override
    public String fingerprint() {
        return "causal " + windows.fingerprint();
    }
}
