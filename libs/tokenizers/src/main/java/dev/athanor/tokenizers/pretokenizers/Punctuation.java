package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.BertChars;
import java.util.List;

/** Cuts at punctuation characters. */
public record Punctuation(Behavior behavior) implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        return CharSplit.split(text, BertChars::isPunctuation, behavior);
    }
}
