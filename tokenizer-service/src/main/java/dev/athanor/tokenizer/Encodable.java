package dev.athanor.tokenizer;

import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.tokenizers.UnencodableTextException;
import java.io.IOException;
import java.util.List;

/**
 * What all stages do with a document that a tokenizer cannot treat: the job is refused, because trying again helps nothing. Any other failure
 * is left as it is, and the task is tried again.
 */
public final class Encodable {

    /** What is done with a document. */
    @FunctionalInterface
    public interface Use {
        void of(Document document) throws IOException;
    }

    private Encodable() {}

    /** @throws AthanorException of INVALID_REQUEST, with the document and the field of the tokenizer that does not suit its text */
    public static void use(Document document, Use use) throws IOException {
        try {
            use.of(document);
        } catch (UnencodableTextException e) {
            Violation violation = new Violation("tokenizer." + e.field(), e.value(), e.expected());
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST,
                    "document '" + document.id() + "' cannot be encoded with this tokenizer: " + violation,
                    List.of(violation),
                    e);
        }
    }
}
