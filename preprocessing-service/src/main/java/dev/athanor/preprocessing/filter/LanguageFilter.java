package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.preprocessing.language.LanguageIdentifier;
import java.util.List;

/** Drops documents in other languages than the wanted ones, and those whose language is unsure. */
public final class LanguageFilter implements Filter {

    private final Limits limits;
    private final LanguageIdentifier languages = new LanguageIdentifier();

    public LanguageFilter(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param allowed BCP 47 codes
     * @param minProbability of the identified language at least
     */
    public record Limits(List<String> allowed, double minProbability) {

        public static final Limits DEFAULTS = new Limits(List.of("en"), 0.5);

        public Limits {
            Checks.notEmpty("allowed", allowed);
            allowed = List.copyOf(allowed);
            Checks.range("minProbability", minProbability, 0, 1);
            for (int i = 0; i < allowed.size(); i++) {
                Checks.oneOf("allowed[" + i + "]", allowed.get(i), LanguageIdentifier.languages());
            }
        }
    }

    @Override
    public Verdict test(Analysis document) {
        LanguageIdentifier.Guess guess = languages.identify(document.text());
        if (!limits.allowed.contains(guess.language())) {
            return Verdict.drop("language_not_allowed");
        }
        return guess.probability() < limits.minProbability ? Verdict.drop("language_unsure") : Verdict.KEEP;
    }
}
