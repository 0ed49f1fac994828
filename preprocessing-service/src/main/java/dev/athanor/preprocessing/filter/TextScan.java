package dev.athanor.preprocessing.filter;

import java.util.Arrays;

/** What one pass over the characters of a text tells. Reused from text to text; not for several threads. */
final class TextScan {

    private static final byte NEW_LINE = 1;
    private static final byte OTHER_BREAK = 2;
    private static final byte HASH = 3;
    private static final byte DOT = 4;
    private static final byte ELLIPSIS = 5;
    private static final byte PHRASE_LETTER = 6;
    private static final byte HIGH_SURROGATE = 7;
    /** Becomes an ASCII letter in lower case. */
    private static final byte ODD_LETTER = 8;

    private static final byte SQUARE_BRACKET = 9;
    private static final byte CURLY_BRACKET = 10;

    private static final byte[] KINDS = kinds();

    private int codePoints;
    private boolean hasSurrogatePairs;
    private int[] newLineAt = new int[64];
    private int newLines;
    private boolean otherBreaks;
    private int hashes;
    private int ellipses;
    private boolean squareBrackets;
    private boolean curlyBrackets;
    private boolean oddLetters;
    /** Where one of C4's phrases (cookies, JavaScript, lorem ipsum, …) may be, in order. */
    private int[] phrases = new int[16];

    private int phraseCount;

    TextScan of(char[] text, int length) {
        int pairs = 0;
        newLines = 0;
        otherBreaks = false;
        hashes = 0;
        ellipses = 0;
        squareBrackets = false;
        curlyBrackets = false;
        oddLetters = false;
        phraseCount = 0;
        byte[] kinds = KINDS;
        for (int i = 0; i < length; i++) {
            byte kind = kinds[text[i]];
            if (kind == 0) {
                continue;
            }
            switch (kind) {
                case NEW_LINE -> addNewLine(i);
                case OTHER_BREAK -> otherBreaks = true;
                case HASH -> hashes++;
                case DOT -> {
                    if (i + 2 < length && text[i + 1] == '.' && text[i + 2] == '.') {
                        ellipses++;
                        i += 2;
                    }
                }
                case ELLIPSIS -> ellipses++;
                case PHRASE_LETTER -> {
                    if (phraseAround(text, i, length)) {
                        addPhrase(i);
                    }
                }
                case HIGH_SURROGATE -> pairs += i + 1 < length && Character.isLowSurrogate(text[i + 1]) ? 1 : 0;
                case SQUARE_BRACKET -> squareBrackets = true;
                case CURLY_BRACKET -> curlyBrackets = true;
                default -> oddLetters = true;
            }
        }
        hasSurrogatePairs = pairs > 0;
        codePoints = length - pairs;
        return this;
    }

    private void addNewLine(int at) {
        if (newLines == newLineAt.length) {
            newLineAt = Arrays.copyOf(newLineAt, newLines * 2);
        }
        newLineAt[newLines++] = at;
    }

    private void addPhrase(int at) {
        if (phraseCount == phrases.length) {
            phrases = Arrays.copyOf(phrases, phraseCount * 2);
        }
        phrases[phraseCount++] = at;
    }

    int codePoints() {
        return codePoints;
    }

    boolean hasSurrogatePairs() {
        return hasSurrogatePairs;
    }

    /** Number of {@code \n}. */
    int newLines() {
        return newLines;
    }

    /** Where one of them is. */
    int newLine(int index) {
        return newLineAt[index];
    }

    /** Whether Python's {@code splitlines} splits at more than {@code \n}. */
    boolean hasOtherLineBreaks() {
        return otherBreaks;
    }

    /** Number of {@code #}. */
    int hashes() {
        return hashes;
    }

    /** {@code …} and, not overlapping, {@code ...}. */
    int ellipses() {
        return ellipses;
    }

    /** Whether there is a {@code [}. */
    boolean hasSquareBrackets() {
        return squareBrackets;
    }

    /** Whether there is a <code>{</code>. */
    boolean hasCurlyBrackets() {
        return curlyBrackets;
    }

    /** Whether one of C4's phrases may be in a part of the text. */
    boolean mayHavePhrase(int from, int to) {
        if (oddLetters) {
            return true;
        }
        if (phraseCount == 0) {
            return false;
        }
        int at = Arrays.binarySearch(phrases, 0, phraseCount, from);
        int next = at < 0 ? -at - 1 : at;
        return next < phraseCount && phrases[next] < to;
    }

    /** Every phrase has "cook", "javas", "privacy", "lorem" or "terms" in it: found at their rarest letters. */
    private static boolean phraseAround(char[] text, int at, int length) {
        int before = at == 0 ? 0 : text[at - 1] | 0x20;
        return switch (text[at] | 0x20) {
            case 'k' -> before == 'o' && matches(text, at - 3, length, "cookie");
            case 'v' ->
                before == 'a' && matches(text, at - 2, length, "javas")
                        || before == 'i' && matches(text, at - 3, length, "privacy");
            default ->
                before == 'e' && matches(text, at - 4, length, "lorem ips")
                        || before == 'r' && matches(text, at - 3, length, "terms of");
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
        kinds['['] = SQUARE_BRACKET;
        kinds['{'] = CURLY_BRACKET;
        for (char c : "kKvVmM".toCharArray()) {
            kinds[c] = PHRASE_LETTER;
        }
        kinds['\u0130'] = ODD_LETTER;
        kinds['\u212A'] = ODD_LETTER;
        return kinds;
    }
}
