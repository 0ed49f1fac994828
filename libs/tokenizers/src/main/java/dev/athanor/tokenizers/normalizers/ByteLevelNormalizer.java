package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;

/** Each byte of UTF-8 as one character of the GPT-2 alphabet. */
public record ByteLevelNormalizer() implements Normalizer {

    @Override
    public AlignedText normalize(AlignedText text) {
        return ByteLevel.bytes(text);
    }
}
