package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.ByteAlphabet;
import dev.athanor.tokenizers.internal.Gpt2Scanner;
import dev.athanor.tokenizers.internal.Utf8;
import java.util.ArrayList;
import java.util.List;

/**
 * GPT-2's: cuts by its pattern and writes each byte of UTF-8 as one character of a printable alphabet.
 *
 * @param addPrefixSpace whether a text that does not begin with a space is given one
 * @param trimOffsets whether white space is left out of the offsets; this concerns the post-processor of the same name
 * @param useRegex whether the pattern is applied; without it only the bytes are rewritten
 */
public record ByteLevel(boolean addPrefixSpace, boolean trimOffsets, boolean useRegex) implements PreTokenizer {

    private static final Gpt2Scanner SCANNER = new Gpt2Scanner();

    @Override
    public List<AlignedText> split(AlignedText text) {
        AlignedText start = addPrefixSpace && !text.isEmpty() && text.codePoint(0) != ' ' ? withSpace(text) : text;
        List<AlignedText> cut = useRegex ? Scanned.split(start, SCANNER) : start.isEmpty() ? List.of() : List.of(start);
        List<AlignedText> pieces = new ArrayList<>(cut.size());
        for (AlignedText piece : cut) {
            pieces.add(bytes(piece));
        }
        return pieces;
    }

    private static AlignedText withSpace(AlignedText text) {
        AlignedText.Rewriter out = new AlignedText.Rewriter(text);
        out.insertBefore(' ');
        out.keepUntil(text.length());
        return out.finish();
    }

    /** Each byte as a character; all the characters of one code point come from it whole. */
    public static AlignedText bytes(AlignedText piece) {
        AlignedText.Rewriter out = new AlignedText.Rewriter(piece);
        byte[] utf8 = new byte[4];
        for (int i = 0; i < piece.length(); i++) {
            int length = Utf8.put(piece.codePoint(i), utf8, 0);
            out.replace(ByteAlphabet.charOf(utf8[0] & 0xFF));
            for (int k = 1; k < length; k++) {
                out.insert(ByteAlphabet.charOf(utf8[k] & 0xFF));
            }
        }
        return out.finish();
    }
}
