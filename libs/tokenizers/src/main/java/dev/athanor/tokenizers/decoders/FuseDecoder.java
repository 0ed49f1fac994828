package dev.athanor.tokenizers.decoders;

import java.util.List;

/** All tokens become one, for the decoders after it. */
public record FuseDecoder() implements Decoder {

    @Override
    public List<String> decodeChain(List<String> tokens) {
        return List.of(String.join("", tokens));
    }
}
