package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.PieceScanner;
import dev.athanor.tokenizers.internal.Utf8;
import java.util.List;

/** Runs a byte scanner over a text of code points. */
final class Scanned {

    private Scanned() {}

    static List<AlignedText> split(AlignedText text, PieceScanner scanner) {
        Pieces pieces = new Pieces(text);
        byte[] utf8 = text.toUtf8();
        int index = 0;
        for (int p = 0; p < utf8.length; ) {
            int q = scanner.next(utf8, p, utf8.length);
            int start = index;
            while (p < q) {
                p += Utf8.decode(utf8, p, utf8.length) & 7;
                index++;
            }
            pieces.add(start, index);
        }
        return pieces.list();
    }
}
