package dev.athanor.preprocessing.dedup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Positions, 8 bytes each: shard and document as big-endian ints. */
public final class PositionFile {

    private PositionFile() {}

    public static void write(Path file, List<Position> positions) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Position position : positions) {
                out.writeInt(position.shard());
                out.writeInt(position.document());
            }
        }
    }

    public static List<Position> read(Path file) throws IOException {
        var positions = new ArrayList<Position>();
        long count = Files.size(file) / 8;
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (long i = 0; i < count; i++) {
                positions.add(new Position(in.readInt(), in.readInt()));
            }
        }
        return positions;
    }
}
