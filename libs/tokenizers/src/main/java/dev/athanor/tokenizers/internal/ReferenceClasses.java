package dev.athanor.tokenizers.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * Classes of characters as the Hugging Face library has them. Its parts were built with tables of different Unicode versions, most
 * of them older than the JDK's; what differs is in a resource.
 */
public final class ReferenceClasses {

    private static final BitSet PUNCTUATION = flipped("punctuation");
    private static final BitSet CONTROL = flipped("control");
    private static final BitSet NONSPACING_MARK = flipped("nonspacing-mark");
    private static final BitSet MARK = flipped("mark");
    private static final BitSet NUMBER = flipped("number");
    private static final BitSet ANY_SCRIPT = flipped("any-script");
    private static final BitSet UNDECOMPOSED = flipped("undecomposed");
    private static final BitSet COMMON = flipped("script-COMMON");
    private static final BitSet DEVANAGARI = flipped("script-DEVANAGARI");

    private ReferenceClasses() {}

    /** General category P. */
    public static boolean isPunctuation(int c) {
        boolean jdk = switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
        return jdk != PUNCTUATION.get(c);
    }

    /** General categories Cc, Cf and Co. */
    public static boolean isControl(int c) {
        boolean jdk = switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> true;
            default -> false;
        };
        return jdk != CONTROL.get(c);
    }

    /** General category Mn. */
    public static boolean isNonspacingMark(int c) {
        return (Character.getType(c) == Character.NON_SPACING_MARK) != NONSPACING_MARK.get(c);
    }

    /** General category M. */
    public static boolean isMark(int c) {
        boolean jdk = switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
        return jdk != MARK.get(c);
    }

    /** General category N. */
    public static boolean isNumber(int c) {
        return (CharClasses.of(c) == CharClasses.NUMBER) != NUMBER.get(c);
    }

    /** Whether the character's decomposition is newer than the library's table. */
    public static boolean isUndecomposed(int c) {
        return UNDECOMPOSED.get(c);
    }

    /** The script of the character, UNKNOWN where it is not in the library's table. */
    public static UnicodeScript script(int c) {
        if (ANY_SCRIPT.get(c)) {
            return UnicodeScript.UNKNOWN;
        }
        return COMMON.get(c)
                ? UnicodeScript.COMMON
                : DEVANAGARI.get(c) ? UnicodeScript.DEVANAGARI : UnicodeScript.of(c);
    }

    private static BitSet flipped(String property) {
        BitSet set = new BitSet();
        try (InputStream in = Objects.requireNonNull(
                ReferenceClasses.class.getResourceAsStream("reference-classes.txt"), "reference-classes.txt")) {
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> List.of(line.split(" ")))
                    .filter(parts -> parts.getFirst().equals(property))
                    .forEach(parts ->
                            set.set(Integer.parseInt(parts.get(1), 16), Integer.parseInt(parts.get(2), 16) + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return set;
    }
}
