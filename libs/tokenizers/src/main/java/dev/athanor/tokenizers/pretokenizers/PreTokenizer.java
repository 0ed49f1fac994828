package dev.athanor.tokenizers.pretokenizers;

import dev.athanor.tokenizers.AlignedText;
import java.util.List;

/** Cuts a text into the pieces that the model sees, and may rewrite them on the way. Immutable and thread-safe. */
public interface PreTokenizer {

    /** The pieces in order, none of them empty. */
    List<AlignedText> split(AlignedText text);
}
