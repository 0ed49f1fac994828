package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * What a language model is trained for.
 *
 * @param kind {@code causal} (the next token; a decoder), {@code masked} (hidden tokens), {@code next-sentence} (whether a second
 *     stretch of text follows the first) or {@code masked-next-sentence} (both, as BERT; the last three need an encoder)
 * @param maskRate share of the words (or tokens) that is hidden
 * @param wholeWords hide the tokens of a word together
 * @param documentMasks documents that are packed into one sequence neither see nor predict each other; without, sequences run on
 *     across the ends of documents
 */
public record ObjectiveSpec(String kind, double maskRate, boolean wholeWords, boolean documentMasks) {

    public static final ObjectiveSpec DEFAULTS = new ObjectiveSpec("causal", 0.15, false, false);

    public ObjectiveSpec {
        Checks.oneOf("kind", kind, List.of("causal", "masked", "next-sentence", "masked-next-sentence"));
        Checks.range("maskRate", maskRate, 0.01, 0.9);
        Checks.that(
                !wholeWords || kind.startsWith("masked"),
                "wholeWords",
                wholeWords,
                "false for kind " + kind + ", which hides no words");
        Checks.that(
                !documentMasks || !kind.endsWith("next-sentence"),
                "documentMasks",
                documentMasks,
                "false for kind " + kind + ", whose two stretches of text are to be seen together");
    }

    /** Whether all positions are to be seen from each. */
    public boolean needsEncoder() {
        return !kind.equals("causal");
    }

    /** Whether sequences are two stretches of text. */
    public boolean hasSentencePairs() {
        return kind.endsWith("next-sentence");
    }
}
