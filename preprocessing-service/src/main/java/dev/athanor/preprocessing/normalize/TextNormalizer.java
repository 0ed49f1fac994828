package dev.athanor.preprocessing.normalize;

import dev.athanor.preprocessing.words.TermFinder;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * Brings a text into the form that a {@link Normalization} names. Normalizing twice changes nothing more. Lines stay lines: at
 * most one empty line is kept between two others.
 */
public final class TextNormalizer {

    private final Normalization level;
    private final Normalizer.Form form;
    private final TermFinder terms;

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
        boolean onlyAscii = level != Normalization.STANDARD || form != Normalizer.Form.NFC;
        char last = '\n';
        char beforeLast = '\n';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ') {
                if (last == ' ' || last == '\n') {
                    return false;
                }
            } else if (c == '\n') {
                if (last == ' ' || last == '\n' && beforeLast == '\n') {
                    return false;
                }
            } else if (c <= ' ' || c >= 0x7F && (onlyAscii || !isInert(c))) {
                return false;
            }
            beforeLast = last;
            last = c;
        }
        return text.isEmpty() || last != ' ' && last != '\n' && text.charAt(0) != '\n';
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
