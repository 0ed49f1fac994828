package dev.athanor.lm.train;

import ai.djl.Device;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.data.TokenWindows;
import dev.athanor.lm.model.Transformer;
import org.jspecify.annotations.Nullable;

/** Every token is predicted from those before it in its window. */
public final class CausalObjective implements Objective {

    private final TokenWindows windows;
    private final @Nullable TokenStream validation;
    private final long validationTokens;

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
        this.windows = new TokenWindows(tokens, length, seed, apart);
        this.validation = validation != null && validation.size() > 1 ? validation : null;
        this.validationTokens = validationTokens;
    }

    @Override
    public int length() {
        return windows.length();
    }

    @Override
    public long samples() {
        return windows.count();
    }

    @Override
    public TokenBatch batch(long step, int rows) {
        return windows.shuffled(step, rows);
    }

    @Override
    public boolean canValidate() {
        return validation != null;
    }

    @Override
    public double validationLoss(Transformer transformer, Device device, int rows) {
        return validation == null
                ? Double.NaN
                : Perplexity.of(transformer, device, validation, rows, validationTokens, null)
                        .natsPerToken();
    }

    @Override
    public String fingerprint() {
        return "causal tokens=" + windows.tokens().size() + " length=" + windows.length()
                + (windows.apart() ? " documents apart" : "");
    }
}
