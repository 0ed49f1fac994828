package dev.athanor.tokenizers.decoders;

import java.util.List;

/** Turns tokens back into text. Immutable and thread-safe. */
public interface Decoder {

    /** The tokens rewritten: what is left when all decoders of a chain have run is joined to the text. */
    List<String> decodeChain(List<String> tokens);
}
