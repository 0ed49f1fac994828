package dev.athanor.tokenizers.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The patterns of published tokenizers that have a scanner of their own, and o200k's. All of them cover every text without gaps. */
public final class KnownPatterns {

    public static final String CL100K =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** Words in their case: one capital run and one small run at most. */
    public static final String O200K =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                    + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final PieceScanner GPT2 = new Gpt2Scanner();
    private static final PieceScanner THREE_DIGITS = new Cl100kScanner(3);
    private static final PieceScanner ONE_DIGIT = new Cl100kScanner(1);
    private static final PieceScanner ALL_DIGITS = new Cl100kScanner(Integer.MAX_VALUE);

    private static final Map<String, PieceScanner> SCANNERS = Map.of(
            Gpt2Scanner.PATTERN,
            GPT2,
            "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            GPT2,
            CL100K,
            THREE_DIGITS,
            CL100K.replace("{1,3}", ""),
            ONE_DIGIT,
            CL100K.replace("{1,3}", "+"),
            ALL_DIGITS);

    private KnownPatterns() {}

    /** The scanner that cuts text exactly where the matches of the expression begin and end, or null. */
    public static @Nullable PieceScanner scanner(String expression) {
        return SCANNERS.get(expression);
    }
}
