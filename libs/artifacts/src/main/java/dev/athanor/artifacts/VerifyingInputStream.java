package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.json.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Hashes what is read and refuses to end when size or SHA-256 are not those of the blob. */
final class VerifyingInputStream extends FilterInputStream {

    private final BlobRef blob;
    private final MessageDigest digest = Json.sha256();
    private long size;
    private boolean checked;

    VerifyingInputStream(InputStream in, BlobRef blob) {
        super(in);
        this.blob = blob;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        if (n >= 0) {
            digest.update(buffer, offset, n);
            size += n;
        } else if (!checked) {
            checked = true;
            BlobRef got = new BlobRef(HexFormat.of().formatHex(digest.digest()), size);
            if (!got.equals(blob)) {
                throw BlobFolder.corrupt(blob, got);
            }
        }
        return n;
    }

    /** By reading, because skipped bytes count for the checksum too. */
    @Override
    public long skip(long n) throws IOException {
        byte[] buffer = new byte[(int) Math.min(Math.max(n, 0), 1 << 13)];
        long skipped = 0;
        while (skipped < n) {
            int read = read(buffer, 0, (int) Math.min(buffer.length, n - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public synchronized void mark(int limit) {}

    @Override
    public synchronized void reset() throws IOException {
        throw new IOException("mark and reset are not supported");
    }
}
