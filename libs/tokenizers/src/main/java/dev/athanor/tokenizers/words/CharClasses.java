package dev.athanor.tokenizers.words;

/**
 * The character classes of spaCy's English tokenizer rules (explosion/spaCy, {@code lang/char_classes.py}), as one table of
 * flags for the basic plane and tests for the rest. Latin case comes from Unicode, not from spaCy's hand-written lists.
 */
final class CharClasses {

    static final int ALPHA = 1;
    static final int LOWER = 1 << 1;
    static final int UPPER = 1 << 2;
    /** One of {@code _punct}. */
    static final int PUNCT = 1 << 3;
    /** One of {@code _quotes}. */
    static final int QUOTE = 1 << 4;

    static final int CURRENCY = 1 << 5;
    /** Category So: emoji and dingbats. */
    static final int ICON = 1 << 6;

    static final int SPACE = 1 << 7;
    static final int DIGIT = 1 << 8;
    static final int HYPHEN = 1 << 9;
    /** May begin a token that is cut off in front. */
    static final int PREFIX = 1 << 10;
    /** May be cut off at the end by itself. */
    static final int SUFFIX = 1 << 11;
    /** A full stop after it is cut off. */
    static final int BEFORE_STOP = 1 << 12;
    /** Unicode category P*. */
    static final int UNICODE_PUNCT = 1 << 13;
    /** Ends a sentence when it is a token. */
    static final int TERMINAL = 1 << 14;
    /** A letter that no rule cuts off or splits at; words of such letters alone are one token. */
    static final int PLAIN = 1 << 15;

    private static final String PUNCTUATION = "…,:;!?¿؟¡()[]{}<>_#*&。？！，、；：～·।،۔؛٪";
    private static final String QUOTES = "'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉〈〉⟦⟧";
    private static final String CURRENCIES = "$£€¥฿₽﷼₴₠₡₢₣₤₥₦₧₨₩₪₫₭₮₯₰₱₲₳₵₶₷₸₹₺₻₼₾₿";
    private static final String HYPHENS = "-–—~";
    private static final String TERMINALS = "!.?։؟۔܀܁܂߹।॥၊။።፧፨᙮᜵᜶᠃᠉᥄᥅᪨᪩᪪᪫᭚᭛᭞᭟᰻᰼᱾᱿‼‽⁇⁈⁉⸮⸼꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫﹒﹖﹗！．？｡。";

    private static final int[] LATIN = {
        'A', 'Z', 'a', 'z', 0xFF21, 0xFF3A, 0xFF41, 0xFF5A, 0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0xFF, 0x100, 0x17F, 0x180,
        0x1BF, 0x1C4, 0x24F, 0x2C60, 0x2C7B, 0x2C7E, 0x2C7F, 0xA722, 0xA76F, 0xA771, 0xA787, 0xA78B, 0xA78E, 0xA790,
        0xA7B9, 0xA7FA, 0xA7FA, 0xAB30, 0xAB5A, 0xAB60, 0xAB64, 0x250, 0x2AF, 0x1D00, 0x1D25, 0x1D6B, 0x1D77, 0x1D79,
        0x1D9A, 0x1E00, 0x1EFF
    };
    /** Greek and Cyrillic letters that count; their case is Unicode's. */
    private static final int[] CASED = {
        0x3B1, 0x3C9, 0x391, 0x3A9, 0x1F00, 0x1FFF, 0x430, 0x44F, 0x410, 0x42F, 0x451, 0x451, 0x401, 0x401
    };

    private static final String CASED_SINGLES = "άέίόώήύΆΈΊΌΏΉΎәөүҗңһӘӨҮҖҢҺюяіїєґЮЯІЇЄҐѓѕјљњќѐѝЃЅЈЉЊЌЀЍ";
    /** Scripts without case: both lower and upper in the rules. */
    private static final int[] UNCASED = {
        0x980, 0x9FF, 0x591, 0x5F4, 0xFB1D, 0xFB4F, 0x620, 0x64A, 0x66E, 0x6D5, 0x6E5, 0x6FF, 0x750, 0x77F, 0x8A0,
        0x8BD, 0xFB50, 0xFBB1, 0xFBD3, 0xFD3D, 0xFD50, 0xFDC7, 0xFDF0, 0xFDFB, 0xFE70, 0xFEFC, 0xD80, 0xDFF, 0x900,
        0x97F, 0xC80, 0xCFF, 0xB80, 0xBFF, 0xC00, 0xC7F, 0xAC00, 0xD7AF, 0x1100, 0x11FF, 0x3130, 0x318F, 0xA960, 0xA97F,
        0xD7B0, 0xD7FF, 0x1200, 0x137F, 0x1380, 0x139F, 0x2D80, 0x2DDF, 0xAB00, 0xAB2F, 0x1780, 0x17FF, 0x19E0, 0x19FF,
        0xA80, 0xAFF, 0x0D00, 0x0D7F, 0x4E00, 0x9FFF, 0x3400, 0x4DBF, 0x2E80, 0x2EFF, 0x2F00, 0x2FDF, 0x2FF0, 0x2FFF,
        0x3000, 0x303F, 0x31C0, 0x31EF, 0x3200, 0x32FF, 0x3300, 0x33FF, 0xF900, 0xFAFF, 0xFE30, 0xFE4F
    };

    private static final short[] FLAGS = build();

    private CharClasses() {}

    static int of(char c) {
        return FLAGS[c] & 0xFFFF;
    }

    static boolean is(char c, int flags) {
        return (FLAGS[c] & flags) != 0;
    }

    /** The same for a code point beyond the basic plane. */
    static int ofSupplementary(int codePoint) {
        int flags = 0;
        int type = Character.getType(codePoint);
        if (type == Character.OTHER_SYMBOL) {
            flags |= ICON | PREFIX | SUFFIX;
        }
        if (codePoint >= 0x20000 && codePoint <= 0x2FA1F
                || codePoint >= 0x1F200 && codePoint <= 0x1F2FF
                || codePoint >= 0x1EE00 && codePoint <= 0x1EEBB) {
            flags |= ALPHA | LOWER | UPPER | BEFORE_STOP;
        }
        if (isPunctuation(type)) {
            flags |= UNICODE_PUNCT;
        }
        return flags;
    }

    private static short[] build() {
        var flags = new int[1 << 16];
        range(LATIN, flags, c -> ALPHA | caseOf(c));
        range(CASED, flags, c -> ALPHA | caseOf(c));
        CASED_SINGLES.chars().forEach(c -> flags[c] |= ALPHA | caseOf(c));
        range(UNCASED, flags, c -> ALPHA | LOWER | UPPER);
        PUNCTUATION.chars().forEach(c -> flags[c] |= PUNCT | PREFIX | SUFFIX | BEFORE_STOP);
        QUOTES.chars().forEach(c -> flags[c] |= QUOTE | PREFIX | SUFFIX | BEFORE_STOP);
        CURRENCIES.chars().forEach(c -> flags[c] |= CURRENCY | PREFIX);
        HYPHENS.chars().forEach(c -> flags[c] |= HYPHEN);
        TERMINALS.chars().forEach(c -> flags[c] |= TERMINAL);
        "§%=—–".chars().forEach(c -> flags[c] |= PREFIX);
        "—–".chars().forEach(c -> flags[c] |= SUFFIX);
        "%²-+|?:()".chars().forEach(c -> flags[c] |= BEFORE_STOP);
        for (int c = 0; c < flags.length; c++) {
            int type = Character.getType(c);
            if (type == Character.OTHER_SYMBOL) {
                flags[c] |= ICON | PREFIX | SUFFIX;
            }
            if ((flags[c] & LOWER) != 0) {
                flags[c] |= BEFORE_STOP;
            }
            if (c >= '0' && c <= '9') {
                flags[c] |= DIGIT | BEFORE_STOP;
            }
            if (isSpace(c)) {
                flags[c] |= SPACE;
            }
            if (isPunctuation(type)) {
                flags[c] |= UNICODE_PUNCT;
            }
            if ((flags[c] & ALPHA) != 0 && (flags[c] & (PREFIX | SUFFIX | SPACE | HYPHEN)) == 0) {
                flags[c] |= PLAIN;
            }
        }
        var table = new short[flags.length];
        for (int c = 0; c < table.length; c++) {
            table[c] = (short) flags[c];
        }
        return table;
    }

    private static int caseOf(int c) {
        return Character.isLowerCase(c) ? LOWER : Character.isUpperCase(c) ? UPPER : 0;
    }

    private static void range(int[] ranges, int[] flags, java.util.function.IntUnaryOperator value) {
        for (int i = 0; i < ranges.length; i += 2) {
            for (int c = ranges[i]; c <= ranges[i + 1]; c++) {
                flags[c] |= value.applyAsInt(c);
            }
        }
    }

    /** Python's {@code str.isspace}. */
    static boolean isSpace(int c) {
        return c >= 9 && c <= 13
                || c >= 0x1c && c <= 0x20
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200A
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    private static boolean isPunctuation(int type) {
        return switch (type) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }
}
