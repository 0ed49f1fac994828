package dev.athanor.preprocessing.filter;

import java.util.ArrayList;
import java.util.List;

/** Python's string operations where the references lean on them and Java's differ. */
final class PythonText {

    private PythonText() {}

    /** {@code str.splitlines()}: no last empty line; also splits at vertical tab, form feed and the Unicode separators. */
    static List<String> splitLines(String text) {
        var lines = new ArrayList<String>();
        int from = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (isLineBreak(text.charAt(i))) {
                lines.add(text.substring(from, i));
                if (text.charAt(i) == '\r' && i + 1 < length && text.charAt(i + 1) == '\n') {
                    i++;
                }
                from = i + 1;
            }
        }
        if (from < length) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    /** {@code str.strip()}. */
    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
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
