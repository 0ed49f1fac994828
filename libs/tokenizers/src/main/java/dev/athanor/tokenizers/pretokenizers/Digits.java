package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.ReferenceClasses;
import java.util.List;

/** Cuts numbers from the rest, and into digits if told to. */
public record Digits(boolean individualDigits) implements PreTokenizer {

    @Override
    public List<AlignedText> split(AlignedText text) {
        return CharSplit.split(
                text, ReferenceClasses::isNumber, individualDigits ? Behavior.ISOLATED : Behavior.CONTIGUOUS);
    }
}
