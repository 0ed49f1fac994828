package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.ReferenceClasses;

/** Leaves out all combining marks; put NFD in front of it to split them from their letters. */
public record StripAccents() implements Normalizer {

    @Override
    public AlignedText normalize(AlignedText text) {
        return Filter.keep(text, c -> !ReferenceClasses.isMark(c));
    }
}
