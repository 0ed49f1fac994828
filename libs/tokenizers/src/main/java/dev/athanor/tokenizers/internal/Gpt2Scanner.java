package dev.athanor.tokenizers.internal;

/**
 * The pattern of GPT-2 (openai/gpt-2 encoder.py):
 * {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}.
 */
public final class Gpt2Scanner implements PieceScanner {

    public static final String PATTERN =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    @Override
    public int next(byte[] b, int from, int end) {
        int first = b[from];
        if (first == '\'') {
            int contraction = contraction(b, from, end);
            if (contraction > 0) {
                return from + contraction;
            }
        }
        int p = first == ' ' && from + 1 < end ? from + 1 : from;
        return switch (Scans.classAt(b, p, end)) {
            case CharClasses.LETTER -> Scans.letters(b, p, end);
            case CharClasses.NUMBER -> Scans.numbers(b, p, end, Integer.MAX_VALUE);
            case CharClasses.OTHER -> Scans.others(b, p, end);
            default -> Scans.spacesLeavingOne(b, from, end);
        };
    }

    /** The length of the contraction at the apostrophe, or 0. */
    private static int contraction(byte[] b, int from, int end) {
        if (from + 1 >= end) {
            return 0;
        }
        return switch (b[from + 1]) {
            case 's', 't', 'm', 'd' -> 2;
            case 'r', 'v' -> from + 2 < end && b[from + 2] == 'e' ? 3 : 0;
            case 'l' -> from + 2 < end && b[from + 2] == 'l' ? 3 : 0;
            default -> 0;
        };
    }
}
