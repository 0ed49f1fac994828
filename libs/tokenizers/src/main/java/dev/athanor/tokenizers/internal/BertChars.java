package dev.athanor.tokenizers.internal;

/** The classes of characters of BERT's basic tokenizer. */
public final class BertChars {

    private BertChars() {}

    public static boolean isSpace(int c) {
        return CharClasses.isWhiteSpace(c);
    }

    /** NUL, U+FFFD and control, format and private use characters; tab and line ends count as white space instead. */
    public static boolean isRemoved(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
        if (c == 0 || c == 0xFFFD) {
            return true;
        }
        return ReferenceClasses.isControl(c);
    }

    /** The ideographs that BERT puts blanks around. */
    public static boolean isChinese(int c) {
        return c >= 0x4E00 && c <= 0x9FFF
                || c >= 0x3400 && c <= 0x4DBF
                || c >= 0x20000 && c <= 0x2A6DF
                || c >= 0x2A700 && c <= 0x2B73F
                || c >= 0x2B740 && c <= 0x2B81F
                || c >= 0x2B920 && c <= 0x2CEAF
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0x2F800 && c <= 0x2FA1F;
    }

    /** ASCII symbols and all that Unicode calls punctuation. */
    public static boolean isPunctuation(int c) {
        if (c < 0x80) {
            return c >= 33 && c <= 47 || c >= 58 && c <= 64 || c >= 91 && c <= 96 || c >= 123 && c <= 126;
        }
        return ReferenceClasses.isPunctuation(c);
    }
}
