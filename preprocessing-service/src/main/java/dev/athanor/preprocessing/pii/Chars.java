package dev.athanor.preprocessing.pii;

/** What the detectors share: ASCII tests and the reading of grouped digits. */
final class Chars {

    private Chars() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isLetterOrDigit(char c) {
        return c < 128 ? isDigit(c) || (c | 0x20) >= 'a' && (c | 0x20) <= 'z' : Character.isLetterOrDigit(c);
    }

    static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '/' || c == '\u00A0' || c == '\u202F';
    }

    /** Whether a word or number may begin here: not within one, nor behind {@code 3.} or {@code 3-}. */
    static boolean begins(String text, int at) {
        if (at == 0) {
            return true;
        }
        char before = text.charAt(at - 1);
        if (isLetterOrDigit(before) || before == '_') {
            return false;
        }
        boolean joined = before == '.' || before == '-' || before == '/' || before == ':' || before == ',';
        return !(joined && at >= 2 && isDigit(text.charAt(at - 2)) && isDigit(text.charAt(at)));
    }

    /** Whether a word or number may end here: not within one, nor before {@code .3} or {@code -3}. */
    static boolean ends(String text, int at) {
        if (at >= text.length()) {
            return true;
        }
        char c = text.charAt(at);
        if (isLetterOrDigit(c) || c == '_') {
            return false;
        }
        boolean joins = c == '.' || c == '-' || c == '/' || c == ':' || c == ',';
        return !(joins && at + 1 < text.length() && isDigit(text.charAt(at + 1)));
    }

    /**
     * Digits and capital letters from {@code at} on without the single separators between them, at most {@code max} of them.
     *
     * @param ends receives the index behind each character; as long as {@code max}
     */
    static String compact(String text, int at, int max, boolean letters, String separators, int[] ends) {
        var found = new StringBuilder(max);
        int i = at;
        while (i < text.length() && found.length() < max) {
            char c = text.charAt(i);
            if (isDigit(c) || letters && isUpper(c)) {
                ends[found.length()] = i + 1;
                found.append(c);
            } else if (separators.indexOf(c) < 0 || i == at || separators.indexOf(text.charAt(i - 1)) >= 0) {
                break;
            }
            i++;
        }
        return found.toString();
    }
}
