package dev.athanor.preprocessing.language;

import com.ibm.icu.lang.UScript;
import java.util.Arrays;

/** The script that most letters of a text are of. */
public final class Scripts {

    /** Beyond so many characters more text says nothing new. */
    private static final int ENOUGH = 20_000;

    private Scripts() {}

    /** ISO 15924 code, such as {@code Latn}; of equals the first by number; {@code Zyyy} for a text without letters. */
    public static String of(String text) {
        var counts = new int[UScript.CODE_LIMIT];
        int limit = Math.min(text.length(), ENOUGH);
        for (int i = 0; i < limit; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c < 128 ? (c | 0x20) >= 'a' && (c | 0x20) <= 'z' : Character.isLetter(c)) {
                counts[c < 128 ? UScript.LATIN : UScript.getScript(c)]++;
            }
        }
        int best = UScript.COMMON;
        for (int script = 0; script < counts.length; script++) {
            best = counts[script] > counts[best] ? script : best;
        }
        return UScript.getShortName(best);
    }

    public static boolean isCode(String code) {
        int[] scripts = code.length() == 4 ? UScript.getCode(code) : null;
        return scripts != null
                && Arrays.stream(scripts).anyMatch(s -> UScript.getShortName(s).equals(code));
    }
}
