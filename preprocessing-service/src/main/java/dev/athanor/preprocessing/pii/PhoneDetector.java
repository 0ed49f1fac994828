package dev.athanor.preprocessing.pii;

/**
 * Telephone numbers: international ({@code +49 30 1234567}, E.164: 8 to 15 digits), North American
 * ({@code (212) 555-0123}) and national ones behind a trunk zero with separators ({@code 020 7946 0958}). Digits without any
 * such sign are not taken: they are mostly something else, and so are numbers of orders, invoices
 * and the like.
 */
final class PhoneDetector implements Detector {

    private static final int MAX_LENGTH = 26;

    @Override
    public int end(String text, int at) {
        char c = text.charAt(at);
        // A group of a longer row of digits is no number of its own.
        boolean group = at >= 2 && Chars.isSeparator(text.charAt(at - 1)) && Chars.isDigit(text.charAt(at - 2));
        if (group && c != '+') {
            return -1;
        }
        int end = c == '+' ? international(text, at) : c == '0' ? national(text, at) : -1;
        end = end >= 0 ? end : c == '(' || c >= '1' && c <= '9' ? northAmerican(text, at) : -1;
        return end >= 0 && c != '+' && Context.isBehind(text, at, Context.NUMBERED) ? -1 : end;
    }

    private static int international(String text, int at) {
        if (at + 1 >= text.length() || text.charAt(at + 1) < '1' || text.charAt(at + 1) > '9') {
            return -1;
        }
        return digits(text, at + 1, 8, 15, 0);
    }

    private static int national(String text, int at) {
        // A second zero is the international prefix 00.
        boolean abroad = at + 1 < text.length() && text.charAt(at + 1) == '0';
        return abroad ? digits(text, at, 10, 17, 0) : digits(text, at, 9, 12, 1);
    }

    /** Digits with single separators, or a separator and brackets, between them; no groups of one but the first. */
    private static int digits(String text, int at, int min, int max, int minSeparators) {
        int count = 0;
        int separators = 0;
        int end = -1;
        int i = at;
        boolean open = false;
        while (i < text.length() && i - at <= MAX_LENGTH) {
            char c = text.charAt(i);
            if (Chars.isDigit(c)) {
                count++;
                end = i + 1;
            } else if (c == '(' && !open && count > 0 && count < 5) {
                open = true;
            } else if (c == ')' && open) {
                open = false;
                separators++;
            } else if (Chars.isSeparator(c)
                    && i + 1 < text.length()
                    && (Chars.isDigit(text.charAt(i + 1)) || text.charAt(i + 1) == '(')) {
                separators++;
            } else {
                break;
            }
            i++;
        }
        boolean fits = count >= min && count <= max && separators >= minSeparators && !open;
        return fits && Chars.ends(text, end) ? end : -1;
    }

    /** Three, three and four digits; area code and exchange begin with 2 to 9; a 1 may come before. */
    private static int northAmerican(String text, int at) {
        int i = at;
        if (text.charAt(i) == '1' && i + 1 < text.length() && Chars.isSeparator(text.charAt(i + 1))) {
            i += 2;
        }
        boolean bracket = i < text.length() && text.charAt(i) == '(';
        i += bracket ? 1 : 0;
        if (!group(text, i, 3) || text.charAt(i) < '2') {
            return -1;
        }
        i += 3;
        if (bracket && (i >= text.length() || text.charAt(i++) != ')')) {
            return -1;
        }
        boolean parted = i < text.length() && Chars.isSeparator(text.charAt(i));
        i += parted ? 1 : 0;
        if (!parted && !bracket || !group(text, i, 3) || text.charAt(i) < '2') {
            return -1;
        }
        i += 3;
        if (i >= text.length() || !Chars.isSeparator(text.charAt(i)) || !group(text, i + 1, 4)) {
            return -1;
        }
        return Chars.ends(text, i + 5) ? i + 5 : -1;
    }

    private static boolean group(String text, int at, int digits) {
        if (at + digits > text.length()) {
            return false;
        }
        for (int i = 0; i < digits; i++) {
            if (!Chars.isDigit(text.charAt(at + i))) {
                return false;
            }
        }
        return true;
    }
}
