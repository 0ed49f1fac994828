package dev.athanor.preprocessing.dedup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes positions as they come, 8 bytes each (shard and document as big-endian ints), and holds none of them. */
public final class PositionWriter implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final DataOutputStream out;

    public PositionWriter(Path file) throws IOException {
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
    }

    public void write(Position position) throws IOException {
        out.writeInt(position.shard());
        out.writeInt(position.document());
    }

    /** @throws UncheckedIOException when the file cannot be written */
    public void writePair(Position first, Position second) {
        try {
            write(first);
            write(second);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Passes on what {@link #writePair} wrote. */
    public static void readPairs(Path file, EqualFingerprints.Match to) throws IOException {
        long pairs = Files.size(file) / (4 * Integer.BYTES);
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
            for (long i = 0; i < pairs; i++) {
                to.accept(new Position(in.readInt(), in.readInt()), new Position(in.readInt(), in.readInt()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
