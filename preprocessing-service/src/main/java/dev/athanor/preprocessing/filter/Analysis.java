package dev.athanor.preprocessing.filter;

import dev.athanor.preprocessing.words.EnglishTokenizer;
import dev.athanor.preprocessing.words.Words;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One document as the filters see it. What several filters need is found once: words, lines, length. Reused from document to
 * document: {@link #of} forgets the one before.
 */
public final class Analysis {

    private final Words words = new Words(new EnglishTokenizer());
    private String text = "";
    private boolean wordsKnown;
    private @Nullable List<String> lines;
    private int length = -1;

    public Analysis of(String newText) {
        text = newText;
        wordsKnown = false;
        lines = null;
        length = -1;
        return this;
    }

    public String text() {
        return text;
    }

    /** Unicode code points in the text. */
    public int length() {
        if (length < 0) {
            length = text.codePointCount(0, text.length());
        }
        return length;
    }

    public Words words() {
        if (!wordsKnown) {
            words.analyse(text);
            wordsKnown = true;
        }
        return words;
    }

    /** The parts between {@code \n}s, one more than there are of those. */
    public List<String> lines() {
        if (lines == null) {
            var parts = new ArrayList<String>();
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
}
