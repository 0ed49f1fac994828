package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.Budget;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Looks how far the deflated streams of a PDF expand, before PDFBox is let at it: that decodes each stream as a whole into
 * memory, and a megabyte may become a gigabyte. Nothing of them is kept here, nor copied.
 */
final class PdfStreams implements AutoCloseable {

    private static final byte[] START = "stream".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF = "end".getBytes(StandardCharsets.US_ASCII);
    /** Streams may be deflated more than once, and each time multiplies. */
    private static final int MAX_LAYERS = 3;
    /** PDFBox passes over the two bytes of zlib's header without looking at them, and so must this. */
    private static final int HEADER = 2;

    private final ByteBuffer bytes;
    private final long most;
    private final Budget budget;
    private final Inflater[] inflaters = new Inflater[MAX_LAYERS];
    private final byte[] buffer = new byte[1 << 16];

    private PdfStreams(ByteBuffer bytes, long most, Budget budget) {
        this.bytes = bytes;
        this.most = most;
        this.budget = budget;
        for (int layer = 0; layer < MAX_LAYERS; layer++) {
            inflaters[layer] = new Inflater(true);
        }
    }

    /** @throws BadContentException if a stream expands to more than {@code most} bytes */
    static void check(Path file, long most, Budget budget) throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                var streams = new PdfStreams(
                        channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE)),
                        most,
                        budget)) {
            streams.check();
        }
    }

    /** Whether a stream is deflated is not known here: everything is tried that the word stands in front of. */
    private void check() throws IOException {
        for (int at = find(0); at >= 0; at = find(at + START.length)) {
            if (isAt(END_OF, at - END_OF.length)) {
                continue;
            }
            int from = at + START.length;
            while (byteAt(from) == ' ') {
                from++;
            }
            from += byteAt(from) == '\r' ? 1 : 0;
            from += byteAt(from) == '\n' ? 1 : 0;
            budget.checkTime();
            boolean goesOn = from + HEADER < bytes.limit();
            for (int layers = 1; layers <= MAX_LAYERS && goesOn; layers++) {
                goesOn = expands(from, layers);
            }
        }
    }

    /** Whether anything comes out of so many layers. Data that are broken further on are within the bound before. */
    private boolean expands(int from, int layers) throws IOException {
        long total = 0;
        InputStream in = new Bytes(bytes.duplicate().position(from));
        try {
            for (int layer = 0; layer < layers; layer++) {
                inflaters[layer].reset();
                in.skipNBytes(HEADER);
                in = new InflaterInputStream(in, inflaters[layer], 1 << 13);
            }
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                budget.checkTime();
                if (total > most) {
                    throw new BadContentException(
                            DeadLetterReason.EXPANSION_LIMIT, "a stream expands to more than " + most + " bytes");
                }
            }
        } catch (BadContentException e) {
            throw e;
        } catch (IOException e) {
            // Not deflated, or broken: PDFBox will not get further either.
        }
        return total > 0;
    }

    @Override
    public void close() {
        for (Inflater inflater : inflaters) {
            inflater.end();
        }
    }

    private int byteAt(int at) {
        return at < bytes.limit() ? bytes.get(at) : -1;
    }

    private boolean isAt(byte[] what, int at) {
        for (int k = 0; k < what.length; k++) {
            if (at + k < 0 || byteAt(at + k) != what[k]) {
                return false;
            }
        }
        return true;
    }

    private int find(int from) {
        for (int i = from; i + START.length <= bytes.limit(); i++) {
            if (bytes.get(i) == START[0] && isAt(START, i)) {
                return i;
            }
        }
        return -1;
    }

    /** What is left of a buffer. */
    private static final class Bytes extends InputStream {

        private final ByteBuffer left;

        Bytes(ByteBuffer left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left.hasRemaining() ? left.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            if (!left.hasRemaining()) {
                return -1;
            }
            int count = Math.min(length, left.remaining());
            left.get(to, offset, count);
            return count;
        }
    }
}
