package dev.athanor.ingestion.content;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/** What is left of the {@link Limits} for one file. Every stream and every long loop on the way checks it. */
public final class Budget {

    private final Limits limits;
    private final LongSupplier nanoTime;
    private final long deadline;
    private long rawBytes;
    private long expandedBytes;

    public Budget(Limits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + limits.maxTime().toNanos();
    }

    public Limits limits() {
        return limits;
    }

    /** @throws BadContentException when the file has used up its time */
    public void checkTime() throws BadContentException {
        if (nanoTime.getAsLong() - deadline > 0) {
            throw new BadContentException(
                    DeadLetterReason.TIMEOUT,
                    "not read within " + limits.maxTime().toSeconds() + " s");
        }
    }

    /** The file's own bytes, as they come from disk or network: counted, bounded in size and time. */
    public InputStream raw(InputStream in) {
        return new Guarded(in) {
            @Override
            void charge(int bytes) throws IOException {
                rawBytes += bytes;
                if (rawBytes > limits.maxFileBytes()) {
                    throw new BadContentException(
                            DeadLetterReason.TOO_LARGE, "larger than " + limits.maxFileBytes() + " bytes");
                }
            }

            @Override
            IOException failed(IOException e) {
                return e instanceof BadContentException
                        ? e
                        : new BadContentException(DeadLetterReason.UNREADABLE, String.valueOf(e.getMessage()));
            }
        };
    }

    /** The output of a decompressor: counted over the whole file, bounded in size, ratio and time. */
    public InputStream expanded(InputStream in) {
        return new Guarded(in) {
            @Override
            void charge(int bytes) throws IOException {
                expandedBytes += bytes;
                if (expandedBytes > limits.maxFileBytes()) {
                    throw new BadContentException(
                            DeadLetterReason.EXPANSION_LIMIT,
                            "expands to more than " + limits.maxFileBytes() + " bytes");
                }
                if (expandedBytes > Limits.FREE_BYTES && expandedBytes / limits.maxRatio() > rawBytes) {
                    throw new BadContentException(
                            DeadLetterReason.EXPANSION_LIMIT,
                            "expands more than " + limits.maxRatio() + "-fold (" + expandedBytes + " bytes from "
                                    + rawBytes + ")");
                }
            }
        };
    }

    private abstract class Guarded extends FilterInputStream {

        Guarded(InputStream in) {
            super(in);
        }

        abstract void charge(int bytes) throws IOException;

        IOException failed(IOException e) {
            return e;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            checkTime();
            int n;
            try {
                n = super.read(buffer, offset, length);
            } catch (IOException e) {
                throw failed(e);
            }
            if (n > 0) {
                charge(n);
            }
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            // Through read, so that skipped bytes are counted as well.
            byte[] waste = new byte[Math.clamp(n, 0, 8192)];
            long left = n;
            while (left > 0) {
                int got = read(waste, 0, (int) Math.min(left, waste.length));
                if (got < 0) {
                    break;
                }
                left -= got;
            }
            return n - left;
        }

        /** None, so that buffers over this hand on what they have before they meet the place where a file breaks off. */
        @Override
        public int available() {
            return 0;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
