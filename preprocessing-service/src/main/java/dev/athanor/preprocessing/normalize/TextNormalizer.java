package dev.athanor.preprocessing.normalize;

import dev.athanor.preprocessing.words.TermFinder;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * Brings a text into the form that a {@link Normalization} names. Normalizing twice changes nothing more. Lines stay lines: at
 * most one empty line is kept between two others. Not for several threads.
 */
public final class TextNormalizer {

    private static final int CHUNK = 4096;
    private static final int BLANK = 1;
    private static final int NEW_LINE = 2;
    private static final int BAD = 3;
    private static final byte[] INERT = kinds(false);
    private static final byte[] INERT_ASCII = kinds(true);
    private static final long BAD_WINDOWS = badWindows();

    private final Normalization level;
    private final Normalizer.Form form;
    private final TermFinder terms;
    private final char[] chunk = new char[CHUNK];

    public TextNormalizer(Normalization level) {
        this(level, false, new TermFinder(List.of(), false));
    }

    /**
     * @param compatibility NFKC in place of NFC
     * @param terms are not written in lower case
     */
    public TextNormalizer(Normalization level, boolean compatibility, TermFinder terms) {
        this.level = level;
        this.form = compatibility ? Normalizer.Form.NFKC : Normalizer.Form.NFC;
        this.terms = terms;
    }

    public String normalize(String text) {
        return level == Normalization.NONE || isNormal(text) ? text : tidy(text);
    }

    /** Whether the text is surely as it should be already: no mark, blank or character in it that could be changed. */
    private boolean isNormal(String text) {
        if (level == Normalization.LOWER_CASE) {
            return false;
        }
        byte[] kinds = level == Normalization.STANDARD && form == Normalizer.Form.NFC ? INERT : INERT_ASCII;
        // Before the text stand two line ends, so that it may not begin with a third or with a blank.
        long window = NEW_LINE << 2 | NEW_LINE;
        for (int from = 0; from < text.length(); from += CHUNK) {
            int length = Math.min(CHUNK, text.length() - from);
            text.getChars(from, from + length, chunk, 0);
            long bad = 0;
            for (int i = 0; i < length; i++) {
                window = window << 2 | kinds[chunk[i]];
                bad |= BAD_WINDOWS >>> window; // by its lowest six bits: this character and the two before it
            }
            if ((bad & 1) != 0) {
                return false;
            }
        }
        long last = window & 3;
        return text.isEmpty() || last != BLANK && last != NEW_LINE;
    }

    /** Kinds of characters; none of them branches, for blanks come at no regular distance. */
    private static byte[] kinds(boolean onlyAscii) {
        var kinds = new byte[1 << 16];
        for (char c = 0; c < 0xFFFF; c++) {
            kinds[c] = (byte)
                    (c == ' '
                            ? BLANK
                            : c == '\n' ? NEW_LINE : c < ' ' || c >= 0x7F && (onlyAscii || !isInert(c)) ? BAD : 0);
        }
        kinds[0xFFFF] = BAD;
        return kinds;
    }

    /** Bit w says whether the three characters with the kinds w / 16, w / 4 % 4 and w % 4 may not stand like this. */
    private static long badWindows() {
        long windows = 0;
        for (int window = 0; window < 64; window++) {
            int beforeLast = window >> 4;
            int last = window >> 2 & 3;
            int kind = window & 3;
            boolean bad = kind == BAD
                    || kind == BLANK && (last == BLANK || last == NEW_LINE)
                    || kind == NEW_LINE && (last == BLANK || last == NEW_LINE && beforeLast == NEW_LINE);
            windows |= bad ? 1L << window : 0;
        }
        return windows;
    }

    /** Letters that no mark was taken from or can join with a neighbour here, and common punctuation. */
    private static boolean isInert(char c) {
        return c > 0xA0 && c < 0x300 && c != 0xAD || c >= 0x2010 && c < 0x2028 || c >= 0x2030 && c < 0x205F;
    }

    /** The plain twin of the check above: what it passes comes out unchanged. */
    String tidy(String text) {
        String canonical = normalForm(text);
        var out = new StringBuilder(canonical.length());
        int newLines = 0;
        boolean blank = false;
        for (int i = 0; i < canonical.length(); i++) {
            char c = canonical.charAt(i);
            if (isLineEnd(c)) {
                if (c == '\r' && i + 1 < canonical.length() && canonical.charAt(i + 1) == '\n') {
                    i++;
                }
                newLines++;
                blank = false;
            } else if (isBlank(c)) {
                blank = true;
            } else if (!isInvisible(canonical, i)) {
                if (!out.isEmpty()) {
                    out.repeat('\n', Math.min(newLines, 2));
                    if (newLines == 0 && blank) {
                        out.append(' ');
                    }
                }
                newLines = 0;
                blank = false;
                append(out, c);
            }
        }
        String result = out.length() == text.length() && text.contentEquals(out) ? text : out.toString();
        return level == Normalization.LOWER_CASE ? normalForm(lowerCase(result)) : result;
    }

    private String lowerCase(String text) {
        if (terms.isEmpty()) {
            return text.toLowerCase(Locale.ROOT);
        }
        var out = new StringBuilder(text.length());
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            int end = TermFinder.begins(text, i) ? terms.end(text, i) : -1;
            if (end > i) {
                out.append(text.substring(from, i).toLowerCase(Locale.ROOT)).append(text, i, end);
                from = end;
                i = end - 1;
            }
        }
        return out.append(text.substring(from).toLowerCase(Locale.ROOT)).toString();
    }

    private String normalForm(String text) {
        // Below U+0300 nothing combines, and below U+00A0 nothing has a compatibility form.
        char plainBelow = form == Normalizer.Form.NFC ? '\u0300' : '\u00A0';
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= plainBelow) {
                return Normalizer.normalize(text, form);
            }
        }
        return text;
    }

    private void append(StringBuilder out, char c) {
        if (c < 128 || level == Normalization.STANDARD) {
            out.append(c);
            return;
        }
        switch (c) {
            case '‘', '’', '‚', '‛', '′', '‹', '›' -> out.append('\'');
            case '“', '”', '„', '‟', '″', '«', '»' -> out.append('"');
            case '‐', '‑', '‒', '–', '−' -> out.append('-');
            case '—', '―' -> out.append("--");
            case '…' -> out.append("...");
            default -> out.append(c);
        }
    }

    private static boolean isLineEnd(char c) {
        return c >= '\n' && c <= '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c >= 128 && (c == 0xA0 || Character.getType(c) == Character.SPACE_SEPARATOR);
    }

    /** Control and format characters, unpaired surrogates and non-characters; joiners that scripts and emoji need stay. */
    private static boolean isInvisible(String text, int at) {
        char c = text.charAt(at);
        if (c < 0x20 || c >= 0x7F && c < 0xA0 || c == 0xAD) {
            return true;
        }
        if (c < 0x200B) {
            return c == 0x180E || c == 0x61C;
        }
        if (Character.isSurrogate(c)) {
            boolean paired = Character.isHighSurrogate(c)
                    ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                    : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
            return !paired;
        }
        return c == 0x200B
                || c == 0x200E
                || c == 0x200F
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2060 && c <= 0x206F
                || c == 0xFEFF
                || c >= 0xFFF9 && c <= 0xFFFB
                || c == 0xFFFE
                || c == 0xFFFF
                || c >= 0xFDD0 && c <= 0xFDEF;
    }
}
