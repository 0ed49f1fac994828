package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.ReferenceClasses;
import java.lang.Character.UnicodeScript;
import java.util.List;

/**
 * Cuts where the script changes. Kana count as Han; blanks and unassigned characters belong to what they follow, and those at the
 * start of the text are left out, as the reference does.
 */
public record UnicodeScripts() implements PreTokenizer {

    private static final int KATAKANA_PROLONGED_SOUND_MARK = 0x30FC;

    @Override
    public List<AlignedText> split(AlignedText text) {
        Pieces pieces = new Pieces(text);
        UnicodeScript last = UnicodeScript.UNKNOWN;
        int from = text.length();
        for (int i = 0; i < text.length(); i++) {
            UnicodeScript script = script(text.codePoint(i));
            if (script == UnicodeScript.UNKNOWN) {
                continue;
            }
            if (script != last) {
                pieces.add(from, i);
                from = i;
            }
            last = script;
        }
        pieces.add(from, text.length());
        return pieces.list();
    }

    /** The script, UNKNOWN for what goes with any. */
    private static UnicodeScript script(int c) {
        if (c == ' ') {
            return UnicodeScript.UNKNOWN;
        }
        if (c == KATAKANA_PROLONGED_SOUND_MARK) {
            return UnicodeScript.HAN;
        }
        UnicodeScript script = ReferenceClasses.script(c);
        return script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA ? UnicodeScript.HAN : script;
    }
}
