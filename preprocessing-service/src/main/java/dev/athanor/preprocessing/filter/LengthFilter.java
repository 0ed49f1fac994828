package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;

/** Drops documents with too few or too many characters or words (words as spaCy splits them, punctuation included). */
public final class LengthFilter implements Filter {

    private final Limits limits;

    public LengthFilter(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param minCharacters code points at least
     * @param maxCharacters code points at most
     * @param minWords words at least
     */
    public record Limits(long minCharacters, long maxCharacters, long minWords) {

        public static final Limits DEFAULTS = new Limits(1, 1L << 30, 3);

        public Limits {
            Checks.range("minCharacters", minCharacters, 0, Integer.MAX_VALUE);
            Checks.range("maxCharacters", maxCharacters, minCharacters, Integer.MAX_VALUE);
            Checks.range("minWords", minWords, 0, Integer.MAX_VALUE);
        }
    }

    @Override
    public Verdict test(Analysis document) {
        if (document.length() < limits.minCharacters) {
            return Verdict.drop("too-short");
        }
        if (document.length() > limits.maxCharacters) {
            return Verdict.drop("too-long");
        }
        return limits.minWords > 0 && document.words().size() < limits.minWords
                ? Verdict.drop("too-few-words")
                : Verdict.KEEP;
    }
}
