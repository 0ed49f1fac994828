package dev.athanor.tokenizers.decoders;

import java.util.ArrayList;
import java.util.List;

/** Connectionist temporal classification: repeated tokens count once, padding goes, the delimiter becomes a blank. */
public record CtcDecoder(String padToken, String wordDelimiterToken, boolean cleanup) implements Decoder {

    @Override
    public List<String> decodeChain(List<String> tokens) {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (i > 0 && tokens.get(i).equals(tokens.get(i - 1))) {
                continue;
            }
            String token = tokens.get(i).replace(padToken, "");
            if (cleanup) {
                token = WordPieceDecoder.cleaned(token).replace(wordDelimiterToken, " ");
            }
            if (!token.isEmpty()) {
                out.add(token);
            }
        }
        return out;
    }
}
