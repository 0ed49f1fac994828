package dev.athanor.lm.train;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * Writes scalars as a TensorBoard event file: records framed as TFRecord has it (length, masked CRC-32C of the length, payload, masked
 * CRC-32C of the payload), each an {@code Event} message of tensorflow/core/util/event.proto, written out here field by field.
 */
public final class TensorBoardEvents implements Closeable {

    private static final int MASK_DELTA = 0xa282ead8;

    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;

    private final OutputStream out;
    private final Clock clock;

    /**
     * @param folder of one run, made if absent
     * @param clock gives the events' times, and the file its name
     */
    public TensorBoardEvents(Path folder, Clock clock) throws IOException {
        this.clock = clock;
        Files.createDirectories(folder);
        out = Files.newOutputStream(
                folder.resolve("events.out.tfevents." + clock.instant().getEpochSecond() + ".athanor"));
        var event = new Message();
        event.putDouble(WALL_TIME, now());
        event.putBytes(FILE_VERSION, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        write(event);
    }

    /** One point of a series. */
    public void scalar(String tag, long step, double value) throws IOException {
        var point = new Message();
        point.putBytes(VALUE_TAG, tag.getBytes(StandardCharsets.UTF_8));
        point.putFloat(VALUE_SIMPLE, (float) value);
        var summary = new Message();
        summary.putBytes(SUMMARY_VALUE, point.bytes.toByteArray());
        var event = new Message();
        event.putDouble(WALL_TIME, now());
        event.putVarint(STEP, step);
        event.putBytes(SUMMARY, summary.bytes.toByteArray());
        write(event);
    }

    private double now() {
        Instant instant = clock.instant();
        return instant.getEpochSecond() + instant.getNano() * 1e-9;
    }

    private void write(Message event) throws IOException {
        byte[] payload = event.bytes.toByteArray();
        byte[] length = little(8).putLong(payload.length).array();
        out.write(length);
        out.write(little(4).putInt(maskedChecksum(length)).array());
        out.write(payload);
        out.write(little(4).putInt(maskedChecksum(payload)).array());
        out.flush();
    }

    private static int maskedChecksum(byte[] bytes) {
        var checksum = new CRC32C();
        checksum.update(bytes);
        int value = (int) checksum.getValue();
        return (value >>> 15 | value << 17) + MASK_DELTA;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** The wire format of protocol buffers, as far as it is needed. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int LENGTH = 2;
        private static final int FIXED32 = 5;

        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void putVarint(int field, long value) {
            varint(field << 3 | VARINT);
            varint(value);
        }

        void putDouble(int field, double value) {
            varint(field << 3 | FIXED64);
            bytes.writeBytes(little(8).putDouble(value).array());
        }

        void putFloat(int field, float value) {
            varint(field << 3 | FIXED32);
            bytes.writeBytes(little(4).putFloat(value).array());
        }

        void putBytes(int field, byte[] value) {
            varint(field << 3 | LENGTH);
            varint(value.length);
            bytes.writeBytes(value);
        }

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7FL) != 0) {
                bytes.write((int) (left & 0x7F | 0x80));
                left >>>= 7;
            }
            bytes.write((int) left);
        }
    }
}
