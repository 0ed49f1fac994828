package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * {@code tokenizer.encode}: clean documents to token shards.
 *
 * @param validationFraction share of documents held out, chosen by a hash of the document id and the seed
 * @param packing {@code none}; {@code first-fit}: beside each shard an index of sequences that hold several short documents each;
 *     {@code sentence-pairs}: examples for next sentence prediction in place of documents
 * @param sequenceLength tokens of a packed sequence or a pair, special tokens included
 */
public record EncodeSpec(double validationFraction, String packing, int sequenceLength) {

    public static final List<String> PACKINGS = List.of("none", "first-fit", "sentence-pairs");

    public static final EncodeSpec DEFAULTS = new EncodeSpec(0.02, "none", 512);

    public EncodeSpec {
        Checks.range("validationFraction", validationFraction, 0.0, 0.5);
        Checks.oneOf("packing", packing, PACKINGS);
        Checks.range("sequenceLength", sequenceLength, 8, 1 << 20);
    }
}
