package dev.athanor.tokenizers.decoders;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tokens like {@code <0x61>} in a row become the text of their bytes; if that is malformed, each becomes U+FFFD. */
public record ByteFallbackDecoder() implements Decoder {

    @Override
    public List<String> decodeChain(List<String> tokens) {
        List<String> out = new ArrayList<>(tokens.size());
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        for (String token : tokens) {
            int b = byteOf(token);
            if (b >= 0) {
                pending.write(b);
            } else {
                flush(pending, out);
                out.add(token);
            }
        }
        flush(pending, out);
        return out;
    }

    private static void flush(ByteArrayOutputStream pending, List<String> out) {
        if (pending.size() == 0) {
            return;
        }
        try {
            out.add(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(pending.toByteArray()))
                    .toString());
        } catch (CharacterCodingException malformed) {
            for (int i = 0; i < pending.size(); i++) {
                out.add("\uFFFD");
            }
        }
        pending.reset();
    }

    /** The byte that a token like {@code <0x61>} stands for, or -1. */
    public static int byteOf(String token) {
        if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
            return -1;
        }
        int high = Character.digit(token.charAt(3), 16);
        int low = Character.digit(token.charAt(4), 16);
        return high < 0 || low < 0 || token.charAt(3) > 'f' || token.charAt(4) > 'f' ? -1 : high << 4 | low;
    }
}
