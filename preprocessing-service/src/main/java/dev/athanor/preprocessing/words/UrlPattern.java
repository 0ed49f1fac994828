package dev.athanor.preprocessing.words;

import java.nio.CharBuffer;
import java.util.regex.Pattern;

/** Chunks that spaCy leaves whole because they look like a URL or an e-mail address ({@code lang/tokenizer_exceptions.py}). */
final class UrlPattern {

    /** Longer chunks are not looked at, so that hostile text cannot make the expression slow. */
    private static final int MAX_LENGTH = 2_000;

    private static final String LABEL = "[A-Za-z0-9\\u00a1-\\uffff]";
    private static final Pattern URL = Pattern.compile(
            "(?:[\\w+\\-.]{2,}://)?(?:\\S+(?::\\S*)?@)?(?:"
                    + "(?!(?:10|127)(?:\\.\\d{1,3}){3})(?!(?:169\\.254|192\\.168)(?:\\.\\d{1,3}){2})"
                    + "(?!172\\.(?:1[6-9]|2\\d|3[0-1])(?:\\.\\d{1,3}){2})"
                    + "(?:[1-9]\\d?|1\\d\\d|2[01]\\d|22[0-3])(?:\\.(?:1?\\d{1,2}|2[0-4]\\d|25[0-5])){2}"
                    + "(?:\\.(?:[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-4]))"
                    + "|(?:(?:" + LABEL + "[A-Za-z0-9\\u00a1-\\uffff_-]{0,62})?" + LABEL + "\\.)+" + lowerClass()
                    + "{2,63})"
                    + "(?::\\d{2,5})?(?:[/?#]\\S*)?",
            Pattern.UNICODE_CHARACTER_CLASS);

    private UrlPattern() {}

    static boolean matches(char[] text, int lo, int hi) {
        return hi - lo <= MAX_LENGTH
                && mayMatch(text, lo, hi)
                && URL.matcher(CharBuffer.wrap(text, lo, hi - lo)).matches();
    }

    /** A dot with two lower-case letters (or a digit, for addresses) behind it. */
    private static boolean mayMatch(char[] text, int lo, int hi) {
        for (int i = lo + 1; i < hi - 1; i++) {
            if (text[i] == '.') {
                if (CharClasses.is(text[i + 1], CharClasses.DIGIT)) {
                    return true;
                }
                if (i + 2 < hi
                        && CharClasses.is(text[i + 1], CharClasses.LOWER)
                        && CharClasses.is(text[i + 2], CharClasses.LOWER)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String lowerClass() {
        var ranges = new StringBuilder("[");
        for (int c = 0; c < 0x10000; c++) {
            if (CharClasses.is((char) c, CharClasses.LOWER)) {
                int from = c;
                while (c + 1 < 0x10000 && CharClasses.is((char) (c + 1), CharClasses.LOWER)) {
                    c++;
                }
                ranges.append(String.format("\\u%04x-\\u%04x", from, c));
            }
        }
        return ranges.append(']').toString();
    }
}
