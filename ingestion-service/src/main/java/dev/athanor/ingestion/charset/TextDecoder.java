package dev.athanor.ingestion.charset;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes to text: finds the encoding, drops the byte order mark, repairs mojibake; malformed bytes become U+FFFD. */
public final class TextDecoder {

    /** Bytes that are looked at when a stream is too long to be held. */
    private static final int SAMPLE = 1 << 18;

    private TextDecoder() {}

    /** @param declared encoding that the protocol declared; believed only where the bytes do not say otherwise */
    public static Decoded decode(byte[] bytes, @Nullable Charset declared) throws BadContentException {
        Guess guess = CharsetDetector.detect(bytes, declared, true);
        String raw = new String(bytes, guess.bomLength(), bytes.length - guess.bomLength(), guess.charset());
        if (isBinary(raw)) {
            throw new BadContentException(DeadLetterReason.UNSUPPORTED_FORMAT, "binary data, not text");
        }
        Mojibake.Repaired repaired = Mojibake.repair(wellFormed(raw));
        return new Decoded(repaired.text(), guess.charset().name(), repaired.count());
    }

    /** The same for a stream of any length, by its first bytes; mojibake is left to the caller, record by record. */
    public static Reader reader(InputStream in, @Nullable Charset declared) throws IOException {
        var buffered = new BufferedInputStream(in, SAMPLE);
        byte[] sample = peek(buffered, SAMPLE);
        Guess guess = CharsetDetector.detect(sample, declared, sample.length < SAMPLE);
        buffered.skipNBytes(guess.bomLength());
        return new InputStreamReader(
                buffered,
                guess.charset()
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE));
    }

    /** The first bytes, which stay in the stream. Where it breaks off, what came before; the break is met again later. */
    public static byte[] peek(BufferedInputStream in, int size) throws IOException {
        in.mark(size);
        byte[] bytes = new byte[size];
        int n = 0;
        try {
            for (int got = 0; got >= 0 && n < size; got = in.read(bytes, n, size - n)) {
                n += got;
            }
        } catch (EOFException e) {
            // A file cut off; its beginning can be read.
        }
        in.reset();
        return Arrays.copyOf(bytes, n);
    }

    /** Whether all bytes decode without a fault; with {@code !complete} a character may be cut off at the end. */
    static boolean decodes(byte[] bytes, int from, Charset charset, boolean complete) {
        int cut = complete ? 0 : 8;
        for (int drop = 0; drop <= Math.min(cut, bytes.length - from); drop++) {
            try {
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes, from, bytes.length - from - drop));
                return true;
            } catch (CharacterCodingException e) {
                // Perhaps only the last character is cut off.
            }
        }
        return false;
    }

    /** The text, or null if the bytes are not UTF-8. */
    public static @Nullable String utf8(byte[] bytes) {
        return isUtf8(bytes, 0, true) ? new String(bytes, StandardCharsets.UTF_8) : null;
    }

    /** UTF-8 is by far the most frequent, so it has the quick test. */
    static boolean isUtf8(byte[] bytes, int from, boolean complete) {
        return decodes(
                from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length), 0, StandardCharsets.UTF_8, complete);
    }

    /** More than one in fifty characters is a control character that no text has. */
    private static boolean isBinary(String text) {
        int control = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x0b && c != 0x1b) {
                control++;
            }
        }
        return control > 4 && control > text.length() / 50;
    }

    /** Half surrogate pairs cannot be written as UTF-8 and zero characters trip databases: both are replaced. */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return replaceFrom(text, i);
            }
        }
        return text;
    }

    private static String replaceFrom(String text, int start) {
        var out = new StringBuilder(text.length()).append(text, 0, start);
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else if (c == 0) {
                out.append(' ');
            } else {
                out.append(Character.isSurrogate(c) ? '\ufffd' : c);
            }
        }
        return out.toString();
    }
}
