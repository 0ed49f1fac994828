package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * {@code tokenizer.encode}: clean documents to token shards.
 *
 * @param validationFraction share of documents held out, chosen by a hash of the document id and the seed
 */
public record EncodeSpec(double validationFraction) {

    public static final EncodeSpec DEFAULTS = new EncodeSpec(0.02);

    public EncodeSpec {
        Checks.range("validationFraction", validationFraction, 0.0, 0.5);
    }
}
