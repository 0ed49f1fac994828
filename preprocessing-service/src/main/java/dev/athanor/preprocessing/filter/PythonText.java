package dev.athanor.preprocessing.filter;

/** Python's string operations where the references lean on them and Java's differ. */
final class PythonText {

    private PythonText() {}

    static boolean isBlank(char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isSpace(text[i])) {
                return false;
            }
        }
        return true;
    }

    /** {@code from}, moved behind white space. */
    static int stripStart(char[] text, int from, int to) {
        int start = from;
        while (start < to && isSpace(text[start])) {
            start++;
        }
        return start;
    }

    /** {@code to}, moved before white space. */
    static int stripEnd(char[] text, int from, int to) {
        int end = to;
        while (end > from && isSpace(text[end - 1])) {
            end--;
        }
        return end;
    }

    static boolean isLineBreak(char c) {
        return c >= '\n' && c <= '\r' || c >= 0x1c && c <= 0x1e || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** {@code str.isspace()}. */
    static boolean isSpace(char c) {
        if (c < 128) {
            return c == ' ' || c >= 9 && c <= 13 || c >= 0x1c && c <= 0x1f;
        }
        return c == 0x85
                || c == 0xA0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200A
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }
}
