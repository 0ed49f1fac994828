package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;

/** Rewrites a text before it is cut into pieces. Immutable and thread-safe. */
public interface Normalizer {

    AlignedText normalize(AlignedText text);
}
