package dev.athanor.tokenizers.internal;

/**
 * The pattern of GPT-4 (tiktoken's cl100k_base), Llama 3 and Qwen 2, which differ in how many digits stay together:
 * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
 */
public final class Cl100kScanner implements PieceScanner {

    private final int maxDigits;

    /** @param maxDigits 3 for cl100k and Llama 3, 1 for Qwen 2 */
    public Cl100kScanner(int maxDigits) {
        this.maxDigits = maxDigits;
    }

    @Override
    public int next(byte[] b, int from, int end) {
        int first = b[from];
        if (from + 1 < end && startsAsciiWord(first, b[from + 1])) {
            return Scans.letters(b, from + 2, end);
        }
        if (first == '\'') {
            int contraction = contraction(b, from, end);
            if (contraction > 0) {
                return from + contraction;
            }
        }
        int kind = Scans.classAt(b, from, end);
        if (kind == CharClasses.LETTER) {
            return Scans.letters(b, from, end);
        }
        if (kind == CharClasses.NUMBER) {
            return Scans.numbers(b, from, end, maxDigits);
        }
        if (first != '\r' && first != '\n') {
            int second = from + (Utf8.decode(b, from, end) & 7);
            if (second < end && Scans.classAt(b, second, end) == CharClasses.LETTER) {
                return Scans.letters(b, second, end);
            }
            if (kind == CharClasses.OTHER) {
                return lineEnds(b, Scans.others(b, from, end), end);
            }
            if (first == ' ' && second < end && Scans.classAt(b, second, end) == CharClasses.OTHER) {
                return lineEnds(b, Scans.others(b, second, end), end);
            }
        }
        return spaces(b, from, end);
    }

    /** The most frequent case: a letter, alone or behind a blank or another character that goes with it. */
    private static boolean startsAsciiWord(int first, int second) {
        return (first | second) >= 0
                && CharClasses.OF_BYTE[second] == CharClasses.LETTER
                && CharClasses.OF_BYTE[first] != CharClasses.NUMBER
                && first != '\''
                && first != '\r'
                && first != '\n';
    }

    /** {@code \s*[\r\n]+|\s+(?!\S)|\s+}: up to and with the last line end of the run of white space, if it has one. */
    private static int spaces(byte[] b, int from, int end) {
        int stop = Scans.spaces(b, from, end);
        for (int p = stop - 1; p >= from; p--) {
            if (b[p] == '\n' || b[p] == '\r') {
                return p + 1;
            }
        }
        if (stop == end) {
            return stop;
        }
        int last = Scans.before(b, stop);
        return last > from ? last : stop;
    }

    private static int lineEnds(byte[] b, int from, int end) {
        int p = from;
        while (p < end && (b[p] == '\r' || b[p] == '\n')) {
            p++;
        }
        return p;
    }

    /** The length of the contraction at the apostrophe in either case, or 0. U+017F is the long s, which folds to s. */
    private static int contraction(byte[] b, int from, int end) {
        if (from + 1 >= end) {
            return 0;
        }
        int second = b[from + 1] | 0x20;
        int third = from + 2 < end ? b[from + 2] | 0x20 : 0;
        return switch (second) {
            case 's', 't', 'm', 'd' -> 2;
            case 'r', 'v' -> third == 'e' ? 3 : 0;
            case 'l' -> third == 'l' ? 3 : 0;
            default -> b[from + 1] == (byte) 0xC5 && from + 2 < end && b[from + 2] == (byte) 0xBF ? 3 : 0;
        };
    }
}
