package dev.athanor.preprocessing.filter;

import dev.athanor.preprocessing.words.EnglishTokenizer;
import dev.athanor.preprocessing.words.Tokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One document as the filters see it. What several filters need is found once: words, lines, counts of marks. Reused from
 * document to document: {@link #of} forgets the one before.
 */
public final class Analysis {

    private final EnglishTokenizer tokenizer = new EnglishTokenizer();
    private String text = "";
    private char[] chars = new char[4096];
    private boolean charsKnown;
    private @Nullable Tokens words;
    private @Nullable TextScan scan;
    private @Nullable List<String> lines;

    public Analysis of(String newText) {
        text = newText;
        charsKnown = false;
        words = null;
        scan = null;
        lines = null;
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

    private char[] chars() {
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
        if (scan == null) {
            scan = TextScan.of(chars(), text.length());
        }
        return scan;
    }

    /** The parts between {@code \n}s, one more than there are of those. */
    public List<String> lines() {
        if (lines == null) {
            var parts = new ArrayList<String>(scan().newLines() + 1);
            int from = 0;
            for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
                parts.add(text.substring(from, at));
                from = at + 1;
            }
            parts.add(text.substring(from));
            lines = parts;
        }
        return lines;
    }

    /** Python's {@code str.splitlines()}. */
    List<String> pythonLines() {
        if (scan().hasOtherLineBreaks()) {
            return PythonText.splitLines(text);
        }
        List<String> all = lines();
        return all.getLast().isEmpty() ? all.subList(0, all.size() - 1) : all;
    }
}
