package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.tokenizers.words.Tokens;
import java.util.List;

/**
 * The quality rules of Gopher (Rae et al. 2021, arXiv:2112.11446, A.1.1) with datatrove 0.10's reading of them, reasons
 * included.
 */
public final class GopherQualityFilter implements Filter {

    private static final List<String> STOP_WORDS = List.of("the", "be", "to", "of", "and", "that", "have", "with");

    private static final long[] STOP_WORD_HASHES =
            STOP_WORDS.stream().mapToLong(Tokens::hashOf).toArray();

    private final Limits limits;

    public GopherQualityFilter(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param minWords words at least, punctuation not counted
     * @param maxWords words at most
     * @param minAverageLength mean characters of a word at least
     * @param maxAverageLength mean characters of a word at most
     * @param maxSymbolRatio hashes, or ellipses, to words at most
     * @param maxBulletLines share of lines that begin with a bullet or hyphen at most
     * @param maxEllipsisLines share of lines that end with an ellipsis at most
     * @param minAlphabeticWords share of words with a letter at least
     * @param minStopWords different ones of eight English stop words at least
     */
    public record Limits(
            long minWords,
            long maxWords,
            double minAverageLength,
            double maxAverageLength,
            double maxSymbolRatio,
            double maxBulletLines,
            double maxEllipsisLines,
            double minAlphabeticWords,
            long minStopWords) {

        public static final Limits DEFAULTS = new Limits(50, 100_000, 3, 10, 0.1, 0.9, 0.3, 0.8, 2);

        /** For prose of any length and language: only the rules about symbols, lines and letters. */
        public static final Limits PROSE = new Limits(0, Integer.MAX_VALUE, 2, 20, 0.1, 0.9, 0.3, 0.6, 0);

        public Limits {
            Checks.range("minWords", minWords, 0, Integer.MAX_VALUE);
            Checks.range("maxWords", maxWords, minWords, Integer.MAX_VALUE);
            Checks.range("minAverageLength", minAverageLength, 0, 1e6);
            Checks.range("maxAverageLength", maxAverageLength, minAverageLength, 1e6);
            Checks.range("maxSymbolRatio", maxSymbolRatio, 0, 1e6);
            Checks.range("maxBulletLines", maxBulletLines, 0, 1);
            Checks.range("maxEllipsisLines", maxEllipsisLines, 0, 1);
            Checks.range("minAlphabeticWords", minAlphabeticWords, 0, 1);
            Checks.range("minStopWords", minStopWords, 0, STOP_WORDS.size());
        }
    }

    @Override
    public Verdict test(Analysis document) {
        Tokens words = document.words();
        Tokens.Totals totals = words.totals();
        int real = totals.real();
        if (real < limits.minWords) {
            return Verdict.drop("gopher_short_doc");
        }
        if (real > limits.maxWords) {
            return Verdict.drop("gopher_long_doc");
        }
        double average = (double) totals.characters() / real;
        if (average < limits.minAverageLength) {
            return Verdict.drop("gopher_below_avg_threshold");
        }
        if (average > limits.maxAverageLength) {
            return Verdict.drop("gopher_above_avg_threshold");
        }
        TextScan scan = document.scan();
        if (scan.hashes() / (double) words.size() > limits.maxSymbolRatio) {
            return Verdict.drop("gopher_too_many_hashes");
        }
        if (scan.ellipses() / (double) words.size() > limits.maxSymbolRatio) {
            return Verdict.drop("gopher_too_many_ellipsis");
        }
        char[] text = document.chars();
        Lines lines = document.pythonLines();
        int bullets = 0;
        int ellipses = 0;
        for (int line = 0; line < lines.size(); line++) {
            int start = PythonText.stripStart(text, lines.start(line), lines.end(line));
            int end = PythonText.stripEnd(text, start, lines.end(line));
            bullets += isBullet(text, start, end) ? 1 : 0;
            ellipses += endsWithEllipsis(text, start, end) ? 1 : 0;
        }
        if ((double) bullets / lines.size() > limits.maxBulletLines) {
            return Verdict.drop("gopher_too_many_bullets");
        }
        if ((double) ellipses / lines.size() > limits.maxEllipsisLines) {
            return Verdict.drop("gopher_too_many_end_ellipsis");
        }
        if ((double) totals.withLetter() / words.size() < limits.minAlphabeticWords) {
            return Verdict.drop("gopher_below_alpha_threshold");
        }
        return hasStopWords(words) ? Verdict.KEEP : Verdict.drop("gopher_enough_stop_words");
    }

    private boolean hasStopWords(Tokens words) {
        int seen = 0;
        for (int i = 0; i < words.size() && Integer.bitCount(seen) < limits.minStopWords; i++) {
            if (words.end(i) - words.start(i) <= 4) {
                seen |= stopWord(words.hash(i));
            }
        }
        return Integer.bitCount(seen) >= limits.minStopWords;
    }

    /** One bit for each stop word; 0 for other words. */
    private static int stopWord(long hash) {
        for (int i = 0; i < STOP_WORD_HASHES.length; i++) {
            if (STOP_WORD_HASHES[i] == hash) {
                return 1 << i;
            }
        }
        return 0;
    }

    private static boolean isBullet(char[] text, int start, int end) {
        return start < end && (text[start] == '•' || text[start] == '-');
    }

    private static boolean endsWithEllipsis(char[] text, int start, int end) {
        return end > start && text[end - 1] == '…'
                || end - 3 >= start && text[end - 1] == '.' && text[end - 2] == '.' && text[end - 3] == '.';
    }
}
