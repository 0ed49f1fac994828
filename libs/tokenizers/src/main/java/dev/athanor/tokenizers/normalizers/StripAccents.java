package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;

/** Leaves out all combining marks; put NFD in front of it to split them from their letters. */
public record StripAccents() implements Normalizer {

    @Override
    public AlignedText normalize(AlignedText text) {
        return Filter.keep(text, c -> switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> false;
            default -> true;
        });
    }
}
