package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.BertChars;
import java.util.List;

/** BERT's: white space goes, each punctuation character is a piece of its own. */
public record BertPreTokenizer() implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        Pieces pieces = new Pieces(text);
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePoint(i);
            if (BertChars.isSpace(c)) {
                pieces.add(from, i);
                from = i + 1;
            } else if (BertChars.isPunctuation(c)) {
                pieces.add(from, i);
                pieces.add(i, i + 1);
                from = i + 1;
            }
        }
        pieces.add(from, text.length());
        return pieces.list();
    }
}
