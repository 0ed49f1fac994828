package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import java.util.List;

/** Cuts at one character, which goes. */
public record CharDelimiterSplit(int delimiter) implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        return CharSplit.split(text, c -> c == delimiter, Behavior.REMOVED);
    }
}
