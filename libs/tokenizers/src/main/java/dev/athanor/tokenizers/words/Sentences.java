package dev.athanor.tokenizers.words;

import static dev.athanor.tokenizers.words.CharClasses.SPACE;
import static dev.athanor.tokenizers.words.CharClasses.TERMINAL;
import static dev.athanor.tokenizers.words.CharClasses.UNICODE_PUNCT;

import dev.athanor.tokenizers.IntList;
import org.jspecify.annotations.Nullable;

/**
 * Sentences as spaCy's {@code Sentencizer} cuts them: after a run of terminal marks and punctuation. White space other than
 * one blank is a token there and so begins the next sentence.
 */
public final class Sentences {

    private Sentences() {}

    /** Number of sentences that hold more than white space. */
    public static int count(String text, Tokens tokens) {
        return count(text, tokens, 0, text.length(), Integer.MAX_VALUE);
    }

    /** The same for a part of the text that white space or its ends bound; stops counting at {@code most}. */
    public static int count(String text, Tokens tokens, int from, int to, int most) {
        return scan(text, tokens, from, to, most, null);
    }

    /** Where each sentence starts, in UTF-16 units; it goes on to where the next one starts. */
    public static IntList starts(String text, Tokens tokens) {
        IntList starts = new IntList();
        scan(text, tokens, 0, text.length(), Integer.MAX_VALUE, starts);
        return starts;
    }

    private static int scan(String text, Tokens tokens, int from, int to, int most, @Nullable IntList starts) {
        int sentences = 0;
        boolean open = false;
        boolean seenTerminal = false;
        int previousEnd = from;
        for (int i = tokens.firstFrom(from); i < tokens.size() && tokens.end(i) <= to; i++) {
            int start = tokens.start(i);
            int end = tokens.end(i);
            if (seenTerminal && spaceToken(text, previousEnd, start)) {
                open = false;
                seenTerminal = false;
            }
            boolean terminal = isTerminal(text, start, end);
            if (seenTerminal && !terminal && !isPunctuation(text, start, end)) {
                open = false;
                seenTerminal = false;
            } else if (terminal) {
                seenTerminal = true;
            }
            if (!open) {
                if (starts != null) {
                    starts.add(start);
                }
                if (++sentences == most) {
                    return most;
                }
                open = true;
            }
            previousEnd = end;
        }
        return sentences;
    }

    /** Whether the white space between two tokens is more than one blank. */
    private static boolean spaceToken(String text, int from, int to) {
        return to - from > 1 || to - from == 1 && text.charAt(from) != ' ' && CharClasses.is(text.charAt(from), SPACE);
    }

    private static boolean isTerminal(String text, int start, int end) {
        return end - start == 1 && CharClasses.is(text.charAt(start), TERMINAL);
    }

    private static boolean isPunctuation(String text, int start, int end) {
        for (int i = start; i < end; ) {
            int c = text.codePointAt(i);
            int flags = c < 0x10000 ? CharClasses.of((char) c) : CharClasses.ofSupplementary(c);
            if ((flags & UNICODE_PUNCT) == 0) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }
}
