package dev.athanor.tokenizers.words;

/** Two sets of characters that the Gopher quality rules ask about. */
final class WordChars {

    static final byte LETTER = Tokens.HAS_LETTER;
    static final byte SYMBOL = Tokens.SYMBOL;

    /** Punctuation as datatrove's {@code utils/text.py} lists it; control characters other than line feed are added. */
    private static final String SYMBOLS = "!/—”:％１〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»";

    private static final byte[] KINDS = build();

    private WordChars() {}

    static int of(char c) {
        return KINDS[c];
    }

    private static byte[] build() {
        var kinds = new byte[1 << 16];
        for (int c = 0; c < kinds.length; c++) {
            boolean control = c < 9 || c == 11 || c == 12 || c >= 13 && c < 32 || c >= 127 && c < 160;
            kinds[c] =
                    (byte) ((Character.isLetter(c) ? LETTER : 0) | (control || SYMBOLS.indexOf(c) >= 0 ? SYMBOL : 0));
        }
        return kinds;
    }
}
