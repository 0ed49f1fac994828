package dev.athanor.tokenizers.decoders;

import java.util.ArrayList;
import java.util.List;

/** The suffix that ends a word becomes a blank, at the end of the text nothing. */
public record BpeDecoder(String suffix) implements Decoder {

    @Override
    public List<String> decodeChain(List<String> tokens) {
        List<String> out = new ArrayList<>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            out.add(tokens.get(i).replace(suffix, i == tokens.size() - 1 ? "" : " "));
        }
        return out;
    }
}
