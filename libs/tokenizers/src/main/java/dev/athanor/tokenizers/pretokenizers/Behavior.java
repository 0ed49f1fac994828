package dev.athanor.tokenizers.pretokenizers;

/** What becomes of the parts of a text that a pattern matches. */
public enum Behavior {
    REMOVED,
    ISOLATED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT,
    CONTIGUOUS
}
