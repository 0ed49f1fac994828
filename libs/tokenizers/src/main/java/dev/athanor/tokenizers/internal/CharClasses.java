package dev.athanor.tokenizers.internal;

/** The classes of characters that the GPT-2 and GPT-4 patterns tell apart: {@code \s}, {@code \p{L}}, {@code \p{N}} and the rest. */
public final class CharClasses {

    public static final byte OTHER = 0;
    public static final byte LETTER = 1;
    public static final byte NUMBER = 2;
    public static final byte SPACE = 3;
    /** A byte of a character above U+007F: decode it to know. */
    public static final byte MULTI = 4;

    /** The class by byte. */
    public static final byte[] OF_BYTE = new byte[256];

    private static final byte[] OF_BMP = new byte[0x10000];

    static {
        for (int c = 0; c < OF_BMP.length; c++) {
            OF_BMP[c] = classify(c);
        }
        for (int b = 0; b < 256; b++) {
            OF_BYTE[b] = b < 0x80 ? OF_BMP[b] : MULTI;
        }
    }

    private CharClasses() {}

    public static byte of(int codePoint) {
        return codePoint < 0x10000 ? OF_BMP[codePoint] : classify(codePoint);
    }

    private static byte classify(int c) {
        if (isWhiteSpace(c)) {
            return SPACE;
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            default -> OTHER;
        };
    }

    /** The Unicode property White_Space. */
    public static boolean isWhiteSpace(int c) {
        return c <= 0x20
                ? c == 0x20 || c >= 0x09 && c <= 0x0D
                : c >= 0x85
                        && (c == 0x85
                                || c == 0xA0
                                || c == 0x1680
                                || c >= 0x2000 && c <= 0x200A
                                || c == 0x2028
                                || c == 0x2029
                                || c == 0x202F
                                || c == 0x205F
                                || c == 0x3000);
    }

    /** The regular expression class {@code \w}: letters, marks, decimal digits, connector punctuation and joiners. */
    public static boolean isWord(int c) {
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.CONNECTOR_PUNCTUATION -> true;
            default -> Character.isAlphabetic(c) || c == 0x200C || c == 0x200D;
        };
    }
}
