package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;

/** The paragraph rule of mC4 (tensorflow/datasets {@code c4_utils.py}): enough long lines. */
public final class C4ParagraphFilter implements Filter {

    private final Limits limits;

    public C4ParagraphFilter(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param minParagraphs lines of enough characters at least
     * @param minLength characters of such a line
     */
    public record Limits(long minParagraphs, long minLength) {

        public static final Limits DEFAULTS = new Limits(3, 200);

        public Limits {
            Checks.range("minParagraphs", minParagraphs, 1, Integer.MAX_VALUE);
            Checks.range("minLength", minLength, 0, Integer.MAX_VALUE);
        }
    }

    @Override
    public Verdict test(Analysis document) {
        Lines lines = document.lines();
        int paragraphs = 0;
        for (int line = 0; line < lines.size(); line++) {
            paragraphs += lines.length(line) >= limits.minLength ? 1 : 0;
        }
        return paragraphs >= limits.minParagraphs ? Verdict.KEEP : Verdict.drop("too_few_paragraphs");
    }
}
