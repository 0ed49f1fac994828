package dev.athanor.tokenizers;

import dev.athanor.tokenizers.decoders.Decoder;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.processors.PostProcessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a tokenizer is made of: what a tokenizer.json says. Every part but the model may be absent. */
public record TokenizerSpec(
        @Nullable Truncation truncation,
        @Nullable Padding padding,
        List<AddedToken> addedTokens,
        @Nullable Normalizer normalizer,
        @Nullable PreTokenizer preTokenizer,
        @Nullable PostProcessor postProcessor,
        @Nullable Decoder decoder,
        Model model) {

    public TokenizerSpec {
        addedTokens = List.copyOf(addedTokens);
    }

    /** A model with its pre-tokenizer and decoder, and nothing else. */
    public static TokenizerSpec of(PreTokenizer preTokenizer, Model model, Decoder decoder) {
        return new TokenizerSpec(null, null, List.of(), null, preTokenizer, null, decoder, model);
    }

    public TokenizerSpec withAddedTokens(List<AddedToken> tokens) {
        return new TokenizerSpec(truncation, padding, tokens, normalizer, preTokenizer, postProcessor, decoder, model);
    }

    public TokenizerSpec withNormalizer(@Nullable Normalizer newNormalizer) {
        return new TokenizerSpec(
                truncation, padding, addedTokens, newNormalizer, preTokenizer, postProcessor, decoder, model);
    }

    public TokenizerSpec withPostProcessor(@Nullable PostProcessor processor) {
        return new TokenizerSpec(truncation, padding, addedTokens, normalizer, preTokenizer, processor, decoder, model);
    }

    public TokenizerSpec withTruncation(@Nullable Truncation newTruncation) {
        return new TokenizerSpec(
                newTruncation, padding, addedTokens, normalizer, preTokenizer, postProcessor, decoder, model);
    }

    public TokenizerSpec withPadding(@Nullable Padding newPadding) {
        return new TokenizerSpec(
                truncation, newPadding, addedTokens, normalizer, preTokenizer, postProcessor, decoder, model);
    }
}
