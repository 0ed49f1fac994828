package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How texts are repaired and brought into one form, beyond {@code normalization}.
 *
 * @param lineBreaks words hyphenated at line ends are joined and lines of a paragraph put together: {@code pdf} (in texts from
 *     PDF files), {@code all}, {@code none}
 * @param compatibility Unicode NFKC in place of NFC: ligatures, full-width and circled forms become plain ones
 * @param stopWords language whose stop words are taken out: {@code en}, {@code de}, {@code es}, {@code fr}, {@code it}; null: none
 * @param keepTerms domain terms that stay as they are written: not in lower case, and whole although stop words are in them
 */
public record StandardizationSpec(
        String lineBreaks, boolean compatibility, @Nullable String stopWords, List<String> keepTerms) {

    public static final List<String> STOP_WORD_LANGUAGES = List.of("en", "de", "es", "fr", "it");
    private static final int MAX_TERMS = 100_000;

    public static final StandardizationSpec DEFAULTS = new StandardizationSpec("pdf", false, null, List.of());

    public StandardizationSpec {
        Checks.oneOf("lineBreaks", lineBreaks, List.of("pdf", "all", "none"));
        if (stopWords != null) {
            Checks.oneOf("stopWords", stopWords, STOP_WORD_LANGUAGES);
        }
        Checks.present("keepTerms", keepTerms);
        keepTerms = List.copyOf(keepTerms);
        Checks.that(keepTerms.size() <= MAX_TERMS, "keepTerms", keepTerms.size(), "at most " + MAX_TERMS + " terms");
        for (int i = 0; i < keepTerms.size(); i++) {
            Checks.notBlank("keepTerms[" + i + "]", keepTerms.get(i));
        }
    }
}
