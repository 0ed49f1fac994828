package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.normalizers.Normalizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What lies between two blanks, normalized by itself. That gives what normalizing the whole text gives, unless the first character joins
 * with the blank in front or the last with the blank behind.
 */
final class BlankStretch {

    private final @Nullable Normalizer normalizer;
    private final boolean whitespaceSplit;

    /** @param whitespaceSplit whether all white space cuts, or only blanks */
    BlankStretch(@Nullable Normalizer normalizer, boolean whitespaceSplit) {
        this.normalizer = normalizer;
        this.whitespaceSplit = whitespaceSplit;
    }

    /** Where the next blank is, or the end of the text. */
    static int end(byte[] b, int from, int to) {
        int p = from;
        while (p < to && b[p] != ' ') {
            p++;
        }
        return p;
    }

    /**
     * @param stretch where the stretch begins: behind a blank, or at the start of the text
     * @param end where it ends: in front of a blank, or at the end of the text
     * @return the normalized characters in UTF-8, a blank in place of each that cuts; or null where this is not for the stretch alone to say
     */
    byte @Nullable [] normalized(byte[] b, int from, int stretch, int end, int to) {
        AlignedText text = AlignedText.of(new String(b, stretch, end - stretch, StandardCharsets.UTF_8));
        if (stretch > from && joinsBackwards(text.codePoint(0))
                || end < to && joinsForwards(text.codePoint(text.length() - 1))) {
            return null;
        }
        AlignedText normal = normalizer == null ? text : normalizer.normalize(text);
        byte[] utf8 = new byte[4 * normal.length()];
        int n = 0;
        for (int i = 0; i < normal.length(); i++) {
            int c = normal.codePoint(i);
            if (c == 0x2581) {
                return null;
            }
            boolean cuts = whitespaceSplit ? CharClasses.isWhiteSpace(c) : c == ' ';
            n = Utf8.put(cuts ? ' ' : c, utf8, n);
        }
        return n == 0 ? null : Arrays.copyOf(utf8, n);
    }

    /** Whether the character may be one grapheme with a blank in front of it, or compose with what is there. */
    private static boolean joinsBackwards(int c) {
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.OTHER_SYMBOL -> false;
            // The vowels of Thai and Lao that are written around the consonant in front of them.
            case Character.OTHER_LETTER -> c == 0x0E33 || c == 0x0EB3;
            default -> true;
        };
    }

    /** Whether the character may be one grapheme with a blank behind it, as signs in front of numbers in Arabic are. */
    private static boolean joinsForwards(int c) {
        return switch (Character.getType(c)) {
            case Character.FORMAT, Character.UNASSIGNED -> true;
            case Character.OTHER_LETTER -> c == 0x0D4E || c >= 0x11000 && c < 0x12000;
            default -> false;
        };
    }
}
