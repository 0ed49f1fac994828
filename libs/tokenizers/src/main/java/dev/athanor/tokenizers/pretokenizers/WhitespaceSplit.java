package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.CharClasses;
import java.util.List;

/** Cuts at white space, which goes. */
public record WhitespaceSplit() implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        return CharSplit.split(text, CharClasses::isWhiteSpace, Behavior.REMOVED);
    }
}
