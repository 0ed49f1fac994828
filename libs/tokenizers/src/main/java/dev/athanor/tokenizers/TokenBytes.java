package dev.athanor.tokenizers;

import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import org.jspecify.annotations.Nullable;

/** How many bytes of text each token of a byte-level tokenizer stands for, as bits per byte need it. */
public final class TokenBytes {

    private TokenBytes() {}

    /** By token id; null where the tokenizer is not byte-level. Special tokens stand for no text. */
    public static int @Nullable [] of(Tokenizer tokenizer) {
        if (!(tokenizer.spec().decoder() instanceof ByteLevelDecoder)) {
            return null;
        }
        var bytes = new int[tokenizer.vocabSize()];
        for (int id = 0; id < bytes.length; id++) {
            String token = tokenizer.idToToken(id);
            bytes[id] = token == null || tokenizer.isSpecial(id) ? 0 : ByteLevelDecoder.bytes(token).length;
        }
        return bytes;
    }
}
