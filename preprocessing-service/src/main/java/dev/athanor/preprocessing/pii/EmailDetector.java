package dev.athanor.preprocessing.pii;

/**
 * {@code local@domain.tld} as RFC 5321 bounds it (64 and 255 characters), with dot-atoms only: quoted local parts hardly occur.
 * Unlike the other detectors it is asked at the {@code @}.
 */
final class EmailDetector {

    private static final int MAX_LOCAL = 64;
    private static final int MAX_DOMAIN = 255;
    private static final String ATOM = "!#$%&'*+/=?^_`{|}~-.";

    private EmailDetector() {}

    /** Start of the local part; -1 where there is none. */
    static int start(String text, int at) {
        int from = at;
        while (from > 0 && at - from <= MAX_LOCAL && isLocal(text.charAt(from - 1))) {
            from--;
        }
        while (from < at && !Chars.isLetterOrDigit(text.charAt(from)) && text.charAt(from) != '_') {
            from++;
        }
        return from == at || at - from > MAX_LOCAL || text.charAt(at - 1) == '.' ? -1 : from;
    }

    /** End of the domain; -1 where there is none. */
    static int end(String text, int at) {
        int to = at + 1;
        int end = -1;
        int labelStart = to;
        boolean dotted = false;
        while (to < text.length() && to - at <= MAX_DOMAIN) {
            char c = text.charAt(to);
            if (c == '.') {
                if (to == labelStart) {
                    break;
                }
                labelStart = to + 1;
                dotted = true;
            } else if (Chars.isLetterOrDigit(c)) {
                // The last label is letters: not a file name's number, not a price.
                if (dotted && to > labelStart && Character.isLetter(c) && Character.isLetter(text.charAt(labelStart))) {
                    end = to + 1;
                }
            } else if (c != '-' || to == labelStart) {
                break;
            }
            to++;
        }
        return end >= 0 && Chars.ends(text, end) ? end : -1;
    }

    private static boolean isLocal(char c) {
        return Chars.isLetterOrDigit(c) || ATOM.indexOf(c) >= 0;
    }
}
