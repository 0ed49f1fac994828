package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.tokenizers.words.EnglishTokenizer;
import dev.athanor.tokenizers.words.Sentences;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
    /** The lines that stay, joined. */
    private char[] kept = new char[4096];

    private int keptLength;

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
        TextScan scan = document.scan();
        char[] chars = document.chars();
        Lines lines = document.pythonLines();
        long sentences = 0;
        keptLength = 0;
        for (int i = 0; i < lines.size(); i++) {
            int start = PythonText.stripStart(chars, lines.start(i), lines.end(i));
            int end = PythonText.stripEnd(chars, start, lines.end(i));
            char[] line = chars;
            int from = start;
            int to = end;
            boolean mayHavePhrase = scan.mayHavePhrase(start, end);
            if (scan.hasSquareBrackets() && contains(chars, start, end, '[')) {
                String whole = new String(chars, start, end - start);
                String cited = CITATION.matcher(whole).replaceAll("");
                if (cited.length() < whole.length()) {
                    // A phrase can come about where a citation was.
                    mayHavePhrase = true;
                    line = cited.toCharArray();
                    from = 0;
                    to = line.length;
                }
            }
            if (!endsASentence(line, from, to) || !hasGoodWords(chars, start, end)) {
                continue;
            }
            String lower = mayHavePhrase ? new String(line, from, to - from).toLowerCase(Locale.ROOT) : "";
            if (lower.contains("lorem ipsum")) {
                return Verdict.drop("lorem_ipsum");
            }
            if (lower.contains("javascript")) {
                continue;
            }
            if (scan.hasCurlyBrackets() && contains(line, from, to, '{')) {
                return Verdict.drop("curly_bracket");
            }
            if (!lower.isEmpty() && POLICY.stream().anyMatch(lower::contains)) {
                continue;
            }
            if (sentences < limits.minSentences) {
                int most = (int) (limits.minSentences - sentences);
                sentences += countSentences(document, line, from, to, most);
            }
            keep(line, from, to);
        }
        if (sentences < limits.minSentences) {
            return Verdict.drop("too_few_sentences");
        }
        return verdict(document);
    }

    private long countSentences(Analysis document, char[] line, int start, int end, int most) {
        if (line == document.chars()) {
            return Sentences.count(document.text(), document.words(), start, end, most);
        }
        String text = new String(line, start, end - start);
        return Sentences.count(text, tokenizer.tokenize(text), 0, text.length(), most);
    }

    private void keep(char[] line, int start, int end) {
        int length = keptLength + 1 + end - start;
        if (kept.length < length) {
            kept = Arrays.copyOf(kept, Math.max(length, kept.length * 2));
        }
        if (keptLength > 0) {
            kept[keptLength++] = '\n';
        }
        System.arraycopy(line, start, kept, keptLength, end - start);
        keptLength += end - start;
    }

    private Verdict verdict(Analysis document) {
        int start = PythonText.stripStart(kept, 0, keptLength);
        int end = PythonText.stripEnd(kept, start, keptLength);
        return Arrays.equals(
                        kept, start, end, document.chars(), 0, document.text().length())
                ? Verdict.KEEP
                : new Verdict.Rewrite(new String(kept, start, end - start));
    }

    /** Whether there are enough words between white space, and none is too long. */
    private boolean hasGoodWords(char[] text, int start, int end) {
        boolean mayBeTooLong = end - start > limits.maxWordLength && hasRun(text, start, end, limits.maxWordLength + 1);
        long words = 0;
        int length = 0;
        for (int i = start; i <= end; i++) {
            if (i == end || PythonText.isSpace(text[i])) {
                if (length > limits.maxWordLength) {
                    return false;
                }
                words += length > 0 ? 1 : 0;
                length = 0;
                if (words >= limits.minWordsPerLine && !mayBeTooLong) {
                    return true;
                }
            } else if (!Character.isLowSurrogate(text[i])) {
                length++;
            }
        }
        return words >= limits.minWordsPerLine;
    }

    /**
     * Whether so many characters in a row have no white space among them. A stretch that ends in white space is looked at from
     * behind, so that most of a text is passed over.
     */
    static boolean hasRun(char[] text, int start, int end, long length) {
        int from = start;
        while (end - from >= length) {
            int space = from + (int) length - 1;
            while (space >= from && !PythonText.isSpace(text[space])) {
                space--;
            }
            if (space < from) {
                return true;
            }
            from = space + 1;
        }
        return false;
    }

    private static boolean contains(char[] text, int start, int end, char wanted) {
        for (int i = start; i < end; i++) {
            if (text[i] == wanted) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsASentence(char[] text, int start, int end) {
        if (start == end || ".?!\"'".indexOf(text[end - 1]) < 0) {
            return false;
        }
        return end - start < 3 || text[end - 1] != '.' || text[end - 2] != '.' || text[end - 3] != '.';
    }
}
