package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Budget;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.InflaterInputStream;

/**
 * Looks how far the deflated streams of a PDF expand, before PDFBox is let at it: that decodes each stream as a whole into
 * memory, and a megabyte may become a gigabyte.
 */
final class PdfStreams {

    /** Deflate cannot do more. */
    private static final int MOST_RATIO = 1032;

    private static final byte[] START = "stream".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "endstream".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_LAYERS = 3;

    private PdfStreams() {}

    /** @throws BadContentException if a stream expands to more than {@code most} bytes */
    static void check(Path file, long most, Budget budget) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
            int at = find(bytes, START, 0);
            while (at >= 0) {
                int from = at + START.length;
                while (byteAt(bytes, from) == ' ') {
                    from++;
                }
                from += byteAt(bytes, from) == '\r' ? 1 : 0;
                from += byteAt(bytes, from) == '\n' ? 1 : 0;
                if (isZlib(byteAt(bytes, from), byteAt(bytes, from + 1))) {
                    budget.checkTime();
                    int end = find(bytes, END, from);
                    int length = (end < 0 ? bytes.limit() : end) - from;
                    // Layers multiply; a short stream may still hide one.
                    if (length > most / MOST_RATIO / MOST_RATIO) {
                        expand(bytes.slice(from, length), length, most, budget);
                    }
                }
                // Not only behind its end: the word may stand in a text in front of a stream, to hide that.
                at = find(bytes, START, from);
            }
        }
    }

    private static void expand(java.nio.ByteBuffer compressed, int length, long most, Budget budget)
            throws IOException {
        byte[] raw = new byte[length];
        compressed.get(raw);
        InputStream in = new ByteArrayInputStream(raw);
        long least = length;
        for (int layer = 0; layer < MAX_LAYERS; layer++) {
            var plain = new PushbackInputStream(new InflaterInputStream(in), 2);
            byte[] head;
            try {
                head = plain.readNBytes(2);
            } catch (IOException e) {
                return; // Not deflated after all, or broken: PDFBox will not get further either.
            }
            plain.unread(head);
            in = plain;
            if (head.length < 2 || !isZlib(head[0], head[1])) {
                break;
            }
            least *= 2;
        }
        if (in instanceof ByteArrayInputStream || (least == length && length <= most / MOST_RATIO)) {
            return;
        }
        long total = 0;
        byte[] buffer = new byte[1 << 16];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                budget.checkTime();
                if (total > most) {
                    throw new BadContentException(
                            DeadLetterReason.EXPANSION_LIMIT,
                            "a stream of " + length + " bytes expands to more than " + most);
                }
            }
        } catch (BadContentException e) {
            throw e;
        } catch (IOException e) {
            // Broken further on; what comes before is within the bound.
        }
    }

    private static boolean isZlib(int first, int second) {
        return (first & 0x0f) == 8 && ((first & 0xff) << 8 | second & 0xff) % 31 == 0;
    }

    private static int byteAt(MappedByteBuffer bytes, int at) {
        return at < bytes.limit() ? bytes.get(at) : -1;
    }

    private static int find(MappedByteBuffer bytes, byte[] what, int from) {
        int last = bytes.limit() - what.length;
        for (int i = from; i <= last; i++) {
            if (bytes.get(i) == what[0]) {
                int k = 1;
                while (k < what.length && bytes.get(i + k) == what[k]) {
                    k++;
                }
                if (k == what.length) {
                    return i;
                }
            }
        }
        return -1;
    }
}
