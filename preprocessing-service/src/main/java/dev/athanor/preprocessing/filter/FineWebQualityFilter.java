package dev.athanor.preprocessing.filter;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import dev.athanor.contracts.error.Checks;
import java.util.BitSet;

/** The additional rules of FineWeb (Penedo et al. 2024, arXiv:2406.17557) as in datatrove 0.10. */
public final class FineWebQualityFilter implements Filter {

    /** Of the basic plane. */
    private static final BitSet SENTENCE_TERMINAL = sentenceTerminals();

    private final Limits limits;

    public FineWebQualityFilter(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param minPunctuatedLines share of lines that end a sentence (Unicode Sentence_Terminal) at least
     * @param maxShortLines share of short lines at most
     * @param shortLine characters of a short line at most
     * @param maxDuplicatedCharacters share of characters in repeated lines at most
     * @param maxNewLines line breaks to words at most; blank lines count for nothing else
     */
    public record Limits(
            double minPunctuatedLines,
            double maxShortLines,
            long shortLine,
            double maxDuplicatedCharacters,
            double maxNewLines) {

        public static final Limits DEFAULTS = new Limits(0.12, 0.67, 30, 0.01, 0.3);

        public Limits {
            Checks.range("minPunctuatedLines", minPunctuatedLines, 0, 1);
            Checks.range("maxShortLines", maxShortLines, 0, 1);
            Checks.range("shortLine", shortLine, 0, Integer.MAX_VALUE);
            Checks.range("maxDuplicatedCharacters", maxDuplicatedCharacters, 0, 1);
            Checks.range("maxNewLines", maxNewLines, 0, 1e6);
        }
    }

    @Override
    public Verdict test(Analysis document) {
        char[] text = document.chars();
        Lines lines = document.lines();
        int count = 0;
        int punctuated = 0;
        int shortLines = 0;
        long duplicated = 0;
        for (int line = 0; line < lines.size(); line++) {
            if (PythonText.isBlank(text, lines.start(line), lines.end(line))) {
                continue;
            }
            count++;
            if (endsSentence(text, lines.start(line), lines.end(line))) {
                punctuated++;
            }
            int length = lines.length(line);
            if (length <= limits.shortLine) {
                shortLines++;
            }
            if (lines.isRepeated(line)) {
                duplicated += length;
            }
        }
        if (count == 0) {
            return Verdict.drop("empty");
        }
        if ((double) punctuated / count < limits.minPunctuatedLines) {
            return Verdict.drop("line_punct_ratio");
        }
        if ((double) shortLines / count > limits.maxShortLines) {
            return Verdict.drop("short_line_ratio");
        }
        int newLines = document.scan().newLines();
        if ((double) duplicated / (document.length() - newLines) > limits.maxDuplicatedCharacters) {
            return Verdict.drop("char_dup_ratio");
        }
        return (double) newLines / document.words().size() > limits.maxNewLines
                ? Verdict.drop("list_ratio")
                : Verdict.KEEP;
    }

    private static boolean endsSentence(char[] text, int start, int end) {
        char last = text[end - 1];
        return Character.isLowSurrogate(last)
                ? UCharacter.hasBinaryProperty(Character.codePointBefore(text, end, start), UProperty.S_TERM)
                : SENTENCE_TERMINAL.get(last);
    }

    private static BitSet sentenceTerminals() {
        var terminals = new BitSet(1 << 16);
        for (int c = 0; c < 1 << 16; c++) {
            terminals.set(c, UCharacter.hasBinaryProperty(c, UProperty.S_TERM));
        }
        return terminals;
    }
}
