package dev.athanor.tokenizers.decoders;

import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import java.util.ArrayList;
import java.util.List;

/** The mark becomes a blank; in the first token it goes, unless none was put in front. */
public record MetaspaceDecoder(int replacement, PrependScheme prependScheme, boolean split) implements Decoder {

    @Override
    public List<String> decodeChain(List<String> tokens) {
        String mark = Character.toString(replacement);
        List<String> out = new ArrayList<>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            boolean drop = i == 0 && prependScheme != PrependScheme.NEVER;
            out.add(tokens.get(i).replace(mark, drop ? "" : " "));
        }
        return out;
    }
}
