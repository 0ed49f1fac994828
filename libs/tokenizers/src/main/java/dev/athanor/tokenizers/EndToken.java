package dev.athanor.tokenizers;

import java.util.List;
import java.util.OptionalInt;

/** The token that ends a document. */
public final class EndToken {

    /** The names that the usual tokenizers give it, ours first. */
    public static final List<String> NAMES =
            List.of("[EOS]", "<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "[SEP]");

    private EndToken() {}

    /** Its id, if the tokenizer has one. */
    public static OptionalInt of(Tokenizer tokenizer) {
        return NAMES.stream()
                .mapToInt(tokenizer::tokenToId)
                .filter(id -> id >= 0)
                .findFirst();
    }
}
