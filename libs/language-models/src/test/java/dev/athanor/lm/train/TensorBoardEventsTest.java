package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardEventsTest {

    @TempDir
    Path folder;

    private final Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

    @Test
    void writesTheFileVersionAndThePoints() throws IOException {
        try (var events = new TensorBoardEvents(folder, clock)) {
            events.scalar("loss", 300, 1.5);
        }
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("events.out.tfevents.1700000000.athanor")))
                .order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer version = record(file);
        assertThat(version.get()).isEqualTo((byte) (1 << 3 | 1));
        assertThat(version.getDouble()).isEqualTo(1.7e9);
        assertThat(version.get()).isEqualTo((byte) (3 << 3 | 2));
        assertThat(text(version)).isEqualTo("brain.Event:2");
        ByteBuffer point = record(file);
        point.position(9);
        assertThat(point.get()).isEqualTo((byte) (2 << 3));
        assertThat(point.get() & 0x7F | point.get() << 7).isEqualTo(300);
        assertThat(point.get()).isEqualTo((byte) (5 << 3 | 2));
        point.get();
        assertThat(point.get()).isEqualTo((byte) (1 << 3 | 2));
        point.get();
        assertThat(point.get()).isEqualTo((byte) (1 << 3 | 2));
        assertThat(text(point)).isEqualTo("loss");
        assertThat(point.get()).isEqualTo((byte) (2 << 3 | 5));
        assertThat(point.getFloat()).isEqualTo(1.5f);
        assertThat(point.hasRemaining()).isFalse();
        assertThat(file.hasRemaining()).isFalse();
    }

    /** The first record's frame: the length 24 and the masked CRC-32C of its eight bytes, by the algorithm's bitwise definition. */
    @Test
    void framesAreChecked() throws IOException {
        new TensorBoardEvents(folder, clock).close();
        byte[] file = Files.readAllBytes(folder.resolve("events.out.tfevents.1700000000.athanor"));
        byte[] length = java.util.Arrays.copyOf(file, 8);
        assertThat(HexFormat.of().formatHex(length)).isEqualTo("1800000000000000");
        int crc = bitwiseCrc32c(length);
        int masked = Integer.rotateRight(crc, 15) + 0xa282ead8;
        assertThat(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(8))
                .isEqualTo(masked);
    }

    private static int bitwiseCrc32c(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int i = 0; i < 8; i++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
            }
        }
        return ~crc;
    }

    private static ByteBuffer record(ByteBuffer file) {
        int length = (int) file.getLong();
        file.getInt();
        ByteBuffer record = file.slice(file.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        file.position(file.position() + length);
        file.getInt();
        return record;
    }

    private static String text(ByteBuffer buffer) {
        var bytes = new byte[buffer.get()];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
