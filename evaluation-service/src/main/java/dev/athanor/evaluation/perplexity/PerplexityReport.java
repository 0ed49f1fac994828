package dev.athanor.evaluation.perplexity;

import dev.athanor.lm.Perplexity;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How well a language model predicts held-out text.
 *
 * @param tokens predicted
 * @param natsPerToken mean negative log-likelihood
 * @param bytes of text that the tokens stand for, or null where the tokenizer does not tell
 * @param bitsPerByte comparable over tokenizers; null without bytes
 * @param baseline an n-gram model on the same text, or null
 */
public record PerplexityReport(
        long tokens,
        double natsPerToken,
        double perplexity,
        @Nullable Long bytes,
        @Nullable Double bitsPerByte,
        @Nullable NgramBaseline baseline) {

    static PerplexityReport of(Perplexity measured, @Nullable NgramBaseline baseline) {
        boolean knowsBytes = measured.bytes() > 0;
        return new PerplexityReport(
                measured.tokens(),
                measured.natsPerToken(),
                measured.perplexity(),
                knowsBytes ? measured.bytes() : null,
                knowsBytes ? measured.bitsPerByte() : null,
                baseline);
    }

    String markdown() {
        String bits = bitsPerByte == null ? "" : String.format(Locale.ROOT, ", %.3f bits per byte", bitsPerByte);
        String model = String.format(
                Locale.ROOT,
                "# Held-out text\n\nPerplexity %.2f (%.4f nats per token%s) over %d tokens.\n",
                perplexity,
                natsPerToken,
                bits,
                tokens);
        return baseline == null ? model : model + "\n" + baseline.markdown();
    }
}
