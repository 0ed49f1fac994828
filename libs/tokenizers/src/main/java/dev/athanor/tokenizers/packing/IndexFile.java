package dev.athanor.tokenizers.packing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** A small file of 32-bit integers, little-endian: eight letters that say what it is, the integers, CRC-32C of all before. */
final class IndexFile {

    private IndexFile() {}

    static void write(Path file, String magic, int[] values) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(12, Math.multiplyExact(4, values.length)))
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put(magic.getBytes(StandardCharsets.US_ASCII));
        for (int value : values) {
            out.putInt(value);
        }
        out.putInt(crc(out.array()));
        Files.write(file, out.array());
    }

    /** @throws IOException if the file is of another kind, or damaged */
    static int[] read(Path file, String magic) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < 12
                || bytes.length % 4 != 0
                || !new String(bytes, 0, 8, StandardCharsets.US_ASCII).equals(magic)) {
            throw new IOException(file + ": expected a file that begins with " + magic);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt(bytes.length - 4) != crc(bytes)) {
            throw new IOException(file + ": damaged, the checksum is wrong");
        }
        int[] values = new int[(bytes.length - 12) / 4];
        in.position(8).asIntBuffer().get(values);
        return values;
    }

    /** Of all but the last four bytes. */
    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        return (int) crc.getValue();
    }
}
