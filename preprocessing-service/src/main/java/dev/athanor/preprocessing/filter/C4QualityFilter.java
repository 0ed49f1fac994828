package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.preprocessing.words.EnglishTokenizer;
import dev.athanor.preprocessing.words.Sentences;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * The rules of C4 (Raffel et al. 2020, JMLR 21:140) as datatrove 0.10 reads them: lines without terminal punctuation, short
 * lines, and lines about cookies or JavaScript go; documents with curly brackets, "lorem ipsum" or too few sentences left go.
 */
public final class C4QualityFilter implements Filter {

    private static final Pattern CITATION = Pattern.compile("\\[[0-9]*]|\\[edit]|\\[citation needed]");
    private static final List<String> POLICY =
            List.of("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies");

    private final Limits limits;
    private final EnglishTokenizer tokenizer = new EnglishTokenizer();

    public C4QualityFilter(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param minSentences sentences at least, in the lines that stay
     * @param minWordsPerLine blank-separated words of a line at least
     * @param maxWordLength characters of a line's longest word at most
     */
    public record Limits(long minSentences, long minWordsPerLine, long maxWordLength) {

        public static final Limits DEFAULTS = new Limits(5, 3, 1000);

        public Limits {
            Checks.range("minSentences", minSentences, 0, Integer.MAX_VALUE);
            Checks.range("minWordsPerLine", minWordsPerLine, 0, Integer.MAX_VALUE);
            Checks.range("maxWordLength", maxWordLength, 1, Integer.MAX_VALUE);
        }
    }

    @Override
    public Verdict test(Analysis document) {
        long sentences = 0;
        boolean mayHavePhrase = document.scan().mayHavePhrase();
        var kept = new StringJoiner("\n");
        int next = document.scan().hasOtherLineBreaks() ? Integer.MIN_VALUE : 0;
        for (String raw : document.pythonLines()) {
            // Where the line lies in the text; negative where that is not known.
            int offset = next;
            next += raw.length() + 1;
            String line = PythonText.strip(raw);
            long words = countWords(line);
            if (words < 0) {
                continue;
            }
            if (line.indexOf('[') >= 0) {
                line = CITATION.matcher(line).replaceAll("");
            }
            if (!endsASentence(line) || words < limits.minWordsPerLine) {
                continue;
            }
            String lower = mayHavePhrase ? line.toLowerCase(Locale.ROOT) : "";
            if (lower.contains("lorem ipsum")) {
                return Verdict.drop("lorem_ipsum");
            }
            if (lower.contains("javascript")) {
                continue;
            }
            if (line.indexOf('{') >= 0) {
                return Verdict.drop("curly_bracket");
            }
            if (!lower.isEmpty() && POLICY.stream().anyMatch(lower::contains)) {
                continue;
            }
            if (sentences < limits.minSentences) {
                int most = (int) (limits.minSentences - sentences);
                sentences += line.length() == raw.length() && offset >= 0
                        ? Sentences.count(document.text(), document.words(), offset, offset + raw.length(), most)
                        : Sentences.count(line, tokenizer.tokenize(line), 0, line.length(), most);
            }
            kept.add(line);
        }
        if (sentences < limits.minSentences) {
            return Verdict.drop("too_few_sentences");
        }
        String text = PythonText.strip(kept.toString());
        return text.equals(document.text()) ? Verdict.KEEP : new Verdict.Rewrite(text);
    }

    /** Words between white space, counted no further than needed; -1 where one is too long. */
    private long countWords(String line) {
        boolean mayBeTooLong = line.length() > limits.maxWordLength;
        long words = 0;
        int length = 0;
        for (int i = 0; i <= line.length(); i++) {
            if (i == line.length() || PythonText.isSpace(line.charAt(i))) {
                if (length > limits.maxWordLength) {
                    return -1;
                }
                words += length > 0 ? 1 : 0;
                length = 0;
                if (words >= limits.minWordsPerLine && !mayBeTooLong) {
                    return words;
                }
            } else if (!Character.isLowSurrogate(line.charAt(i))) {
                length++;
            }
        }
        return words;
    }

    private static boolean endsASentence(String line) {
        return !line.isEmpty() && ".?!\"'".indexOf(line.charAt(line.length() - 1)) >= 0 && !line.endsWith("...");
    }
}
