package dev.athanor.lm.generate;

import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Tokenizers that say what their tokens are, for what is decoded. */
final class TokensOf {

    private TokensOf() {}

    /** Ids in the order of the texts. */
    static Tokenizer texts(String... texts) {
        return bytes(Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    /** Tokens of bytes, which need not be whole characters. */
    static Tokenizer bytes(List<byte[]> tokens) {
        // Each byte as GPT-2 writes it.
        List<String> written = tokens.stream().map(TokensOf::written).toList();
        return Tokenizer.of(TokenizerSpec.of(
                new ByteLevel(false, true, false),
                new WordLevel(Vocabulary.ofList(written), written.getFirst()),
                new ByteLevelDecoder(true, true, true)));
    }

    private static String written(byte[] bytes) {
        var out = new StringBuilder();
        int next = 0x100;
        int[] charOfByte = new int[256];
        for (int b = 0; b < 256; b++) {
            boolean itself = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            charOfByte[b] = itself ? b : next++;
        }
        for (byte b : bytes) {
            out.appendCodePoint(charOfByte[b & 0xFF]);
        }
        return out.toString();
    }

    /** All single bytes, and these texts from id 256 on. */
    static Tokenizer bytesAnd(String... texts) {
        Stream<byte[]> single = java.util.stream.IntStream.range(0, 256).mapToObj(b -> new byte[] {(byte) b});
        return bytes(Stream.concat(single, Arrays.stream(texts).map(t -> t.getBytes(StandardCharsets.UTF_8)))
                .toList());
    }
}
