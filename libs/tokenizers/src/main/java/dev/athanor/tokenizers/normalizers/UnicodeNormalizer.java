package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.internal.UnicodeForms;
import java.text.Normalizer.Form;

/** NFC, NFD, NFKC or NFKD. */
public record UnicodeNormalizer(Form form) implements Normalizer {

    @Override
    public AlignedText normalize(AlignedText text) {
        return UnicodeForms.normalize(text, form);
    }
}
