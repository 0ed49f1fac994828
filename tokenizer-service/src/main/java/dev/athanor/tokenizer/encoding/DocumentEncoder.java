package dev.athanor.tokenizer.encoding;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.tokenizers.EndToken;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Tokenizer;

/** Text to ids, with the end-of-sequence token behind it. */
final class DocumentEncoder {

    private final Tokenizer tokenizer;
    private final int end;
    private final IntList ids = new IntList();

    DocumentEncoder(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.end = EndToken.of(tokenizer)
                .orElseThrow(() -> new AthanorException(
                        ErrorCode.INVALID_SPEC,
                        "the tokenizer has no end-of-sequence token: expected one of " + EndToken.NAMES));
    }

    int[] encode(String text) {
        ids.clear();
        tokenizer.encodeIds(text, ids);
        ids.add(end);
        return ids.toArray();
    }
}
