package dev.athanor.tokenizer.encoding;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;
import java.util.List;

/** Text to ids, with the end-of-sequence token behind it. */
final class DocumentEncoder {

    /** The names that the usual tokenizers give it, ours first. */
    private static final List<String> END_NAMES = List.of("[EOS]", "<|endoftext|>", "</s>", "<eos>", "[SEP]");

    private final Tokenizer tokenizer;
    private final int end;
    private final IntList ids = new IntList();

    DocumentEncoder(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.end = END_NAMES.stream()
                .mapToInt(tokenizer::tokenToId)
                .filter(id -> id >= 0)
                .findFirst()
                .orElseThrow(() -> new AthanorException(
                        ErrorCode.INVALID_SPEC,
                        "the tokenizer has no end-of-sequence token: expected one of " + END_NAMES));
    }

    int[] encode(String text) {
        ids.clear();
        tokenizer.encodeIds(text, ids);
        ids.add(end);
        return ids.toArray();
    }
}
