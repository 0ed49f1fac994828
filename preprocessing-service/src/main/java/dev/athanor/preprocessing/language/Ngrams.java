package dev.athanor.preprocessing.language;

/**
 * Goes through the character n-grams of a text: letters in lower case, a blank for each run of white space and digits. An n-gram
 * is packed into a long, the last character lowest.
 */
final class Ngrams {

    /** Beyond so many characters more text says nothing new. */
    static final int ENOUGH = 600;

    private static final long[] MASKS = {0, 0xFFFFL, 0xFFFFFFFFL, 0xFFFFFFFFFFFFL, -1L};
    /** By UTF-16 unit: in lower case, or a blank. */
    private static final char[] FOLDED = folded();

    private Ngrams() {}

    /** Is told each n-gram, as often as it occurs. */
    @FunctionalInterface
    interface Visitor {
        void ngram(long packed);
    }

    static void visit(String text, int longest, Visitor visitor) {
        int limit = Math.min(text.length(), ENOUGH);
        long last = 0;
        int length = 0;
        boolean blank = true;
        for (int i = 0; i < limit; i++) {
            char c = FOLDED[text.charAt(i)];
            if (c == ' ' && blank) {
                continue;
            }
            blank = c == ' ';
            length++;
            last = last << 16 | c;
            for (int n = 1; n <= longest && n <= length; n++) {
                visitor.ngram(last & MASKS[n]);
            }
        }
    }

    private static char[] folded() {
        var folded = new char[1 << 16];
        for (int c = 0; c < folded.length; c++) {
            folded[c] = Character.isWhitespace(c) || Character.isDigit(c) ? ' ' : Character.toLowerCase((char) c);
        }
        return folded;
    }
}
