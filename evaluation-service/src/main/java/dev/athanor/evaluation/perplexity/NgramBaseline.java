package dev.athanor.evaluation.perplexity;

import dev.athanor.contracts.spec.PerplexitySpec;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.ShardedTokens;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.ngram.KneserNey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a model has to beat: a Kneser-Ney model of the same tokens.
 *
 * @param order n
 * @param trainingTokens that were counted
 * @param bitsPerByte null where the tokenizer does not tell the bytes of its tokens
 */
record NgramBaseline(
        int order,
        long trainingTokens,
        double natsPerToken,
        double perplexity,
        @Nullable Double bitsPerByte) {

    /**
     * @param training shards to count
     * @param heldOut what is scored
     * @return null where none is asked for, or there is too little text to count
     */
    static @Nullable NgramBaseline of(
            PerplexitySpec spec,
            List<Path> training,
            TokenStream heldOut,
            int vocabularySize,
            int @Nullable [] bytesOfToken)
            throws IOException {
        int order = spec.baselineOrder();
        try (var tokens = new ShardedTokens(training)) {
            if (order == 0 || tokens.size() < order) {
                return null;
            }
            var ngrams = new KneserNey(tokens, vocabularySize, order, spec.baselineTokens());
            Perplexity score = ngrams.perplexity(heldOut, spec.maxTokens(), bytesOfToken);
            return new NgramBaseline(
                    order,
                    ngrams.tokens(),
                    score.natsPerToken(),
                    score.perplexity(),
                    score.bytes() > 0 ? score.bitsPerByte() : null);
        }
    }

    String markdown() {
        return String.format(
                Locale.ROOT,
                "A %d-gram model (Kneser-Ney, of %d training tokens) has a perplexity of %.2f (%.4f nats per token%s).\n",
                order,
                trainingTokens,
                perplexity,
                natsPerToken,
                bitsPerByte == null ? "" : String.format(Locale.ROOT, ", %.3f bits per byte", bitsPerByte));
    }
}
