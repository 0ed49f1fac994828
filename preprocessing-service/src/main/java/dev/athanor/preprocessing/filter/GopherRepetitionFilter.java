package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.tokenizers.words.Tokens;
import java.util.List;

/**
 * The repetition rules of Gopher (Rae et al. 2021, arXiv:2112.11446, table A1) as datatrove 0.10 reads them: repeated lines and
 * paragraphs, the most frequent 2- to 4-gram, and repeated 5- to 10-grams, each as a share of the text's characters.
 */
public final class GopherRepetitionFilter implements Filter {

    private final Limits limits;
    private final Lines paragraphs = new Lines();
    private final RepeatedNgrams ngrams = new RepeatedNgrams();

    public GopherRepetitionFilter(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param lines share of lines that are repeated at most
     * @param paragraphs share of paragraphs that are repeated at most
     * @param lineCharacters share of characters in repeated lines at most
     * @param paragraphCharacters share of characters in repeated paragraphs at most
     * @param topNgrams share of characters in the most frequent 2-, 3-, 4-gram at most
     * @param repeatedNgrams share of characters in repeated 5-, 6-, … 10-grams at most
     */
    public record Limits(
            double lines,
            double paragraphs,
            double lineCharacters,
            double paragraphCharacters,
            List<Double> topNgrams,
            List<Double> repeatedNgrams) {

        public static final Limits DEFAULTS =
                new Limits(0.3, 0.3, 0.2, 0.2, List.of(0.2, 0.18, 0.16), List.of(0.15, 0.14, 0.13, 0.12, 0.11, 0.10));

        public Limits {
            Checks.range("lines", lines, 0, 1);
            Checks.range("paragraphs", paragraphs, 0, 1);
            Checks.range("lineCharacters", lineCharacters, 0, 1);
            Checks.range("paragraphCharacters", paragraphCharacters, 0, 1);
            topNgrams = List.copyOf(topNgrams);
            repeatedNgrams = List.copyOf(repeatedNgrams);
            Checks.that(topNgrams.size() <= 3, "topNgrams", topNgrams, "at most 3 numbers, for 2-, 3-, 4-grams");
            Checks.that(
                    repeatedNgrams.size() <= 6,
                    "repeatedNgrams",
                    repeatedNgrams,
                    "at most 6 numbers, for 5- to 10-grams");
        }
    }

    @Override
    public Verdict test(Analysis document) {
        String text = document.text();
        double length = document.length();
        if (text.contains("\n\n")) {
            var paragraphs = Repeats.in(paragraphs(document), 0);
            if (paragraphs.share() > limits.paragraphs) {
                return Verdict.drop("dup_para_frac");
            }
            if (paragraphs.characters / length > limits.paragraphCharacters) {
                return Verdict.drop("dup_para_char_frac");
            }
        }
        // The reference splits at runs of line breaks, so that only a first and a last one leave an empty line.
        int emptyLines = (text.startsWith("\n") ? 1 : 0) + (text.endsWith("\n") ? 1 : 0);
        var lines = Repeats.in(document.lines(), emptyLines);
        if (lines.share() > limits.lines) {
            return Verdict.drop("dup_line_frac");
        }
        if (lines.characters / length > limits.lineCharacters) {
            return Verdict.drop("dup_line_char_frac");
        }
        return testNgrams(document.words(), length);
    }

    private Lines paragraphs(Analysis document) {
        char[] text = document.chars();
        int start = PythonText.stripStart(text, 0, document.text().length());
        paragraphs.reset(text, document.scan().hasSurrogatePairs());
        paragraphs.splitParagraphs(
                document.scan(),
                start,
                PythonText.stripEnd(text, start, document.text().length()));
        return paragraphs;
    }

    private Verdict testNgrams(Tokens words, double length) {
        ngrams.of(words);
        for (int i = 0; i < limits.topNgrams.size(); i++) {
            if (ngrams.topExceeds(i + 2, limits.topNgrams.get(i), length)) {
                return Verdict.drop("top_" + (i + 2) + "_gram");
            }
        }
        for (int i = 0; i < limits.repeatedNgrams.size(); i++) {
            if (ngrams.repeatedCharacters(i + 5) / length > limits.repeatedNgrams.get(i)) {
                return Verdict.drop("duplicated_" + (i + 5) + "_n_grams");
            }
        }
        return Verdict.KEEP;
    }

    private record Repeats(int elements, int repeated, long characters) {

        /** @param empty how many of the elements are counted as empty ones; the other empty ones are passed over */
        static Repeats in(Lines elements, int empty) {
            int counted = empty;
            int repeated = Math.max(0, empty - 1);
            long characters = 0;
            for (int element = 0; element < elements.size(); element++) {
                if (elements.start(element) == elements.end(element)) {
                    continue;
                }
                counted++;
                if (elements.isRepeated(element)) {
                    repeated++;
                    characters += elements.length(element);
                }
            }
            return new Repeats(counted, repeated, characters);
        }

        double share() {
            return (double) repeated / elements;
        }
    }
}
