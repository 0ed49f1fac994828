package dev.athanor.tokenizers.decoders;

import dev.athanor.tokenizers.internal.ByteAlphabet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** GPT-2's: the characters of the byte alphabet back to bytes, and these to text; malformed bytes become U+FFFD. */
public record ByteLevelDecoder(boolean addPrefixSpace, boolean trimOffsets, boolean useRegex) implements Decoder {

    @Override
    public List<String> decodeChain(List<String> tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String token : tokens) {
            bytes.writeBytes(bytes(token));
        }
        return List.of(bytes.toString(StandardCharsets.UTF_8));
    }

    /** The token's bytes; a token with a character outside of the alphabet stands for its own UTF-8. */
    public static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = ByteAlphabet.byteOf(token.charAt(i));
            if (b < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) b;
        }
        return bytes;
    }
}
