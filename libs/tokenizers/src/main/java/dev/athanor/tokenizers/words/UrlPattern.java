package dev.athanor.tokenizers.words;

import java.nio.CharBuffer;
import java.util.regex.Pattern;

/** Chunks that spaCy leaves whole because they look like a URL or an e-mail address ({@code lang/tokenizer_exceptions.py}). */
final class UrlPattern {

    /** Longer chunks are not looked at, so that hostile text cannot make the expression slow. */
    private static final int MAX_LENGTH = 2_000;

    private static final String LABEL = "[A-Za-z0-9\\u00a1-\\uffff]";
    private static final String PUBLIC_ADDRESS =
            "(?!(?:10|127)(?:\\.\\d{1,3}){3})(?!(?:169\\.254|192\\.168)(?:\\.\\d{1,3}){2})"
                    + "(?!172\\.(?:1[6-9]|2\\d|3[0-1])(?:\\.\\d{1,3}){2})"
                    + "(?:[1-9]\\d?|1\\d\\d|2[01]\\d|22[0-3])(?:\\.(?:1?\\d{1,2}|2[0-4]\\d|25[0-5])){2}"
                    + "(?:\\.(?:[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-4]))";
    private static final Pattern ADDRESS = Pattern.compile(PUBLIC_ADDRESS);
    private static final Pattern URL = Pattern.compile(
            "(?:[\\w+\\-.]{2,}://)?(?:\\S+(?::\\S*)?@)?(?:"
                    + PUBLIC_ADDRESS
                    + "|(?:(?:" + LABEL + "[A-Za-z0-9\\u00a1-\\uffff_-]{0,62})?" + LABEL + "\\.)+" + lowerClass()
                    + "{2,63})"
                    + "(?::\\d{2,5})?(?:[/?#]\\S*)?",
            Pattern.UNICODE_CHARACTER_CLASS);

    private UrlPattern() {}

    static boolean matches(char[] text, int lo, int hi) {
        if (hi - lo > MAX_LENGTH || !mayMatch(text, lo, hi)) {
            return false;
        }
        return isSimple(text, lo, hi) ? matchesSimple(text, lo, hi) : matchesExpression(text, lo, hi);
    }

    /** The plain twin of the scan. */
    static boolean matchesExpression(char[] text, int lo, int hi) {
        return URL.matcher(CharBuffer.wrap(text, lo, hi - lo)).matches();
    }

    /** ASCII without {@code @}, so without user names, where the scan below knows all. */
    static boolean isSimple(char[] text, int lo, int hi) {
        for (int i = lo; i < hi; i++) {
            if (text[i] >= 128 || text[i] == '@' || CharClasses.is(text[i], CharClasses.SPACE)) {
                return false;
            }
        }
        return true;
    }

    static boolean matchesSimple(char[] text, int lo, int hi) {
        if (matchesHost(text, lo, hi)) {
            return true;
        }
        int scheme = lo;
        while (scheme < hi
                && (isAlphanumeric(text[scheme])
                        || text[scheme] == '_'
                        || text[scheme] == '+'
                        || text[scheme] == '-'
                        || text[scheme] == '.')) {
            scheme++;
        }
        return scheme - lo >= 2
                && scheme + 3 < hi
                && text[scheme] == ':'
                && text[scheme + 1] == '/'
                && text[scheme + 2] == '/'
                && matchesHost(text, scheme + 3, hi);
    }

    /** Host name or public IPv4 address, then perhaps a port, then perhaps a path. */
    private static boolean matchesHost(char[] text, int lo, int hi) {
        int end = lo;
        int lastDot = -1;
        boolean digitsOnly = true;
        for (; end < hi; end++) {
            char c = text[end];
            if (c == '.') {
                // A label is 1 to 64 long and has a letter or digit at both ends.
                int start = lastDot < 0 ? lo : lastDot + 1;
                int label = end - start;
                if (label < 1 || label > 64 || !isAlphanumeric(text[start]) || !isAlphanumeric(text[end - 1])) {
                    return false;
                }
                lastDot = end;
            } else if (!isAlphanumeric(c) && c != '-' && c != '_') {
                break;
            }
            digitsOnly &= c == '.' || CharClasses.is(c, CharClasses.DIGIT);
        }
        if (lastDot < 0 || !matchesRest(text, end, hi)) {
            return false;
        }
        if (digitsOnly) {
            return isPublicAddress(new String(text, lo, end - lo));
        }
        int top = end - lastDot - 1;
        for (int i = lastDot + 1; i < end; i++) {
            if (text[i] < 'a' || text[i] > 'z') {
                return false;
            }
        }
        return top >= 2 && top <= 63;
    }

    private static boolean matchesRest(char[] text, int from, int hi) {
        int at = from;
        if (at < hi && text[at] == ':') {
            at++;
            int digits = at;
            while (at < hi && CharClasses.is(text[at], CharClasses.DIGIT)) {
                at++;
            }
            if (at - digits < 2 || at - digits > 5) {
                return false;
            }
        }
        return at == hi || text[at] == '/' || text[at] == '?' || text[at] == '#';
    }

    private static boolean isPublicAddress(String address) {
        return ADDRESS.matcher(address).matches();
    }

    private static boolean isAlphanumeric(char c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' || c >= '0' && c <= '9';
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
