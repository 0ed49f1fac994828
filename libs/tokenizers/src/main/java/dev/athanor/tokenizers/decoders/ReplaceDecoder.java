package dev.athanor.tokenizers.decoders;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.normalizers.Replace;
import java.util.List;

/** Puts a fixed string in place of every match, token by token. */
public record ReplaceDecoder(TextPattern pattern, String content) implements Decoder {

    @Override
    public List<String> decodeChain(List<String> tokens) {
        Replace replace = new Replace(pattern, content);
        return tokens.stream()
                .map(t -> replace.normalize(AlignedText.of(t)).toString())
                .toList();
    }
}
