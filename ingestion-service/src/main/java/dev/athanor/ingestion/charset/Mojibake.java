package dev.athanor.ingestion.charset;

import java.nio.charset.Charset;

/**
 * Puts right UTF-8 that was decoded as windows-1252 (or ISO-8859-1) somewhere on its way: {@code Ã©} back to é, {@code â€™}
 * back to ’. Only character sequences that are the bytes of one UTF-8 character are touched, and of those only ones that no
 * language writes: a capital letter with accent (or â, ã, ð …) followed by a symbol or control character. After ftfy's rule
 * for inconsistent UTF-8 (https://ftfy.readthedocs.io).
 */
final class Mojibake {

    record Repaired(String text, int count) {}

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    /** Byte of each character in windows-1252, C1 controls for its five holes, or -1; indexed by character below 0x2123. */
    private static final short[] BYTE_OF = new short[0x2123];

    static {
        java.util.Arrays.fill(BYTE_OF, (short) -1);
        for (int b = 0x80; b < 0x100; b++) {
            BYTE_OF[b] = (short) b;
        }
        for (int b = 0x80; b < 0xa0; b++) {
            char c = new String(new byte[] {(byte) b}, WINDOWS_1252).charAt(0);
            if (c != '\ufffd') {
                BYTE_OF[c] = (short) b;
            }
        }
    }

    private Mojibake() {}

    static Repaired repair(String text) {
        String now = text;
        int total = 0;
        // Text can have been through the mill twice.
        for (int pass = 0; pass < 2; pass++) {
            Repaired once = repairOnce(now);
            if (once.count() == 0) {
                break;
            }
            now = once.text();
            total += once.count();
        }
        return new Repaired(now, total);
    }

    private static Repaired repairOnce(String text) {
        StringBuilder out = null;
        int copied = 0;
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            int length = sequenceLength(text, i);
            if (length == 0) {
                continue;
            }
            out = out == null ? new StringBuilder(text.length()) : out;
            out.append(text, copied, i).appendCodePoint(codePoint(text, i, length));
            i += length - 1;
            copied = i + 1;
            count++;
        }
        return out == null
                ? new Repaired(text, 0)
                : new Repaired(out.append(text, copied, text.length()).toString(), count);
    }

    /** Number of characters at {@code at} that are one UTF-8 character in disguise, or 0. */
    private static int sequenceLength(String text, int at) {
        int lead = byteAt(text, at);
        int length = lead >= 0xc3 && lead <= 0xdf
                ? 2
                : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
        // Â with a no-break space or a Latin-1 symbol after it.
        if (lead == 0xc2) {
            length = 2;
        }
        if (length == 0 || at + length > text.length()) {
            return 0;
        }
        boolean symbol = lead == 0xc3; // no language writes Ã before any of them
        for (int k = 1; k < length; k++) {
            int next = byteAt(text, at + k);
            if (next < 0x80 || next > 0xbf) {
                return 0;
            }
            symbol |= !Character.isLetter(text.charAt(at + k));
        }
        if (!symbol || (length == 2 && !surePair(text, at))) {
            return 0;
        }
        int c = codePoint(text, at, length);
        boolean overlong = length == 3 && c < 0x800 || length == 4 && (c < 0x10000 || c > 0x10ffff);
        return overlong || (c >= 0xd800 && c < 0xe000) || !Character.isDefined(c) ? 0 : length;
    }

    /** A pair is less certain than three in a row: «À » with a no-break space is French, «Ã©» is nothing. */
    private static boolean surePair(String text, int at) {
        char lead = text.charAt(at);
        char next = text.charAt(at + 1);
        boolean leadInWord = at > 0 && Character.isLetter(text.charAt(at - 1));
        return switch (lead) {
            case 'Ã' -> next != '\u00a0' || leadInWord;
            case 'Â' -> next != '\u00ab' && next != '\u00bb' && next != '\u2019' && next != '\u201d';
            // Other capitals, and small letters after ß: only inside a word that it breaks up.
            default ->
                Character.isUpperCase(lead)
                        && (next == '\u00a1'
                                || next >= '\u00a3' && next <= '\u00a9'
                                || next >= '\u00ac' && next <= '\u00b3')
                        && at + 2 < text.length()
                        && byteAt(text, at + 2) >= 0xc3;
        };
    }

    private static int byteAt(String text, int at) {
        char c = text.charAt(at);
        return c < BYTE_OF.length ? BYTE_OF[c] : -1;
    }

    private static int codePoint(String text, int at, int length) {
        int c = byteAt(text, at) & (length == 2 ? 0x1f : length == 3 ? 0x0f : 0x07);
        for (int k = 1; k < length; k++) {
            c = c << 6 | byteAt(text, at + k) & 0x3f;
        }
        return c;
    }
}
