package dev.athanor.preprocessing.filter;

import dev.athanor.tokenizers.words.EnglishTokenizer;
import dev.athanor.tokenizers.words.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * One document as the filters see it. What several filters need is found once: words, lines, counts of marks. Reused from
 * document to document: {@link #of} forgets the one before.
 */
public final class Analysis {

    private final EnglishTokenizer tokenizer = new EnglishTokenizer();
    private final TextScan scan = new TextScan();
    private final Lines lines = new Lines();
    private final Lines pythonLines = new Lines();
    private String text = "";
    private char[] chars = new char[4096];
    private boolean charsKnown;
    private boolean scanned;
    private boolean linesKnown;
    private boolean pythonLinesKnown;
    private @Nullable Tokens words;

    public Analysis of(String newText) {
        text = newText;
        charsKnown = false;
        scanned = false;
        linesKnown = false;
        pythonLinesKnown = false;
        words = null;
        return this;
    }

    public String text() {
        return text;
    }

    /** Unicode code points in the text. */
    public int length() {
        return scan().codePoints();
    }

    public Tokens words() {
        if (words == null) {
            words = tokenizer.tokenize(text, chars(), text.length());
        }
        return words;
    }

    /** The text's UTF-16 units, from index 0; what lies behind them is of other texts. */
    char[] chars() {
        if (!charsKnown) {
            if (chars.length < text.length()) {
                chars = new char[Math.max(text.length(), chars.length * 2)];
            }
            text.getChars(0, text.length(), chars, 0);
            charsKnown = true;
        }
        return chars;
    }

    TextScan scan() {
        if (!scanned) {
            scan.of(chars(), text.length());
            scanned = true;
        }
        return scan;
    }

    /** The parts between {@code \n}s, one more than there are of those. */
    Lines lines() {
        if (!linesKnown) {
            lines.reset(chars(), scan().hasSurrogatePairs());
            lines.split(scan(), text.length());
            linesKnown = true;
        }
        return lines;
    }

    /** Python's {@code str.splitlines()}. */
    Lines pythonLines() {
        if (!pythonLinesKnown) {
            pythonLines.reset(chars(), scan().hasSurrogatePairs());
            if (scan().hasOtherLineBreaks()) {
                pythonLines.splitAsPythonDoes(text.length());
            } else {
                pythonLines.split(scan(), text.length());
                pythonLines.removeLastIfEmpty();
            }
            pythonLinesKnown = true;
        }
        return pythonLines;
    }
}
