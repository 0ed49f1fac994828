package dev.athanor.preprocessing.filter;

/**
 * What one pass over the characters of a text tells.
 *
 * @param newLines number of {@code \n}
 * @param hasOtherLineBreaks whether Python's {@code splitlines} splits at more than {@code \n}
 * @param ellipses {@code …} and, not overlapping, {@code ...}
 * @param mayHavePhrase whether one of C4's phrases (cookies, JavaScript, lorem ipsum, …) may be in it
 */
record TextScan(
        int codePoints, int newLines, boolean hasOtherLineBreaks, int hashes, int ellipses, boolean mayHavePhrase) {

    private static final byte NEW_LINE = 1;
    private static final byte OTHER_BREAK = 2;
    private static final byte HASH = 3;
    private static final byte DOT = 4;
    private static final byte ELLIPSIS = 5;
    private static final byte PHRASE_LETTER = 6;
    private static final byte HIGH_SURROGATE = 7;
    /** Becomes an ASCII letter in lower case. */
    private static final byte ODD_LETTER = 8;

    private static final byte[] KINDS = kinds();

    static TextScan of(char[] text, int length) {
        int pairs = 0;
        int newLines = 0;
        boolean otherBreaks = false;
        int hashes = 0;
        int ellipses = 0;
        boolean phrase = false;
        for (int i = 0; i < length; i++) {
            char c = text[i];
            switch (KINDS[c]) {
                case NEW_LINE -> newLines++;
                case OTHER_BREAK -> otherBreaks = true;
                case HASH -> hashes++;
                case DOT -> {
                    if (i + 2 < length && text[i + 1] == '.' && text[i + 2] == '.') {
                        ellipses++;
                        i += 2;
                    }
                }
                case ELLIPSIS -> ellipses++;
                case PHRASE_LETTER -> phrase = phrase || phraseAround(text, i, length);
                case HIGH_SURROGATE -> pairs += i + 1 < length && Character.isLowSurrogate(text[i + 1]) ? 1 : 0;
                case ODD_LETTER -> phrase = true;
                default -> {}
            }
        }
        return new TextScan(length - pairs, newLines, otherBreaks, hashes, ellipses, phrase);
    }

    /** Every phrase has "cook", "javas", "privacy", "lorem" or "terms" in it: found at their rarest letters. */
    private static boolean phraseAround(char[] text, int at, int length) {
        return switch (text[at] | 0x20) {
            case 'k' -> matches(text, at - 3, length, "cookie");
            case 'v' -> matches(text, at - 2, length, "javas") || matches(text, at - 3, length, "privacy");
            default -> matches(text, at - 4, length, "lorem ips") || matches(text, at - 3, length, "terms of");
        };
    }

    private static boolean matches(char[] text, int from, int length, String lowerCase) {
        if (from < 0 || from + lowerCase.length() > length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            char c = text[from + i];
            if (c != lowerCase.charAt(i) && (c >= 128 || (c | 0x20) != lowerCase.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] kinds() {
        var kinds = new byte[1 << 16];
        for (char c = 0; c < 0xFFFF; c++) {
            if (PythonText.isLineBreak(c)) {
                kinds[c] = OTHER_BREAK;
            } else if (Character.isHighSurrogate(c)) {
                kinds[c] = HIGH_SURROGATE;
            }
        }
        kinds['\n'] = NEW_LINE;
        kinds['#'] = HASH;
        kinds['.'] = DOT;
        kinds['…'] = ELLIPSIS;
        for (char c : "kKvVmM".toCharArray()) {
            kinds[c] = PHRASE_LETTER;
        }
        kinds['\u0130'] = ODD_LETTER;
        kinds['\u212A'] = ODD_LETTER;
        return kinds;
    }
}
