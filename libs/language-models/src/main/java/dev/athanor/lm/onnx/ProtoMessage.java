package dev.athanor.lm.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protobuf message, field by field in the order of the calls (protobuf.dev, "Encoding"). Large contents are kept as what writes
 * them and are not copied, so a message may be larger than memory; its length is known before it is written.
 */
final class ProtoMessage {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    /** Bytes of known number that are made when they are written. */
    interface Content {
        long size();

        void writeTo(OutputStream out) throws IOException;

        static Content of(byte[] bytes) {
            return new Content() {
                @Override
                public long size() {
                    return bytes.length;
                }

                @Override
                public void writeTo(OutputStream out) throws IOException {
                    out.write(bytes);
                }
            };
        }
    }

    private final List<Content> finished = new ArrayList<>();
    private ByteArrayOutputStream open = new ByteArrayOutputStream();
    private long finishedBytes;

    ProtoMessage integer(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    ProtoMessage float32(int field, float value) {
        tag(field, FIXED_32);
        int bits = Float.floatToRawIntBits(value);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            open.write(bits >>> shift);
        }
        return this;
    }

    ProtoMessage string(int field, String value) {
        return bytes(field, Content.of(value.getBytes(StandardCharsets.UTF_8)));
    }

    ProtoMessage bytes(int field, Content content) {
        tag(field, LENGTH_DELIMITED);
        varint(content.size());
        finish();
        finished.add(content);
        finishedBytes += content.size();
        return this;
    }

    /** @param message may not grow afterwards */
    ProtoMessage message(int field, ProtoMessage message) {
        tag(field, LENGTH_DELIMITED);
        varint(message.size());
        finish();
        message.finish();
        finished.addAll(message.finished);
        finishedBytes += message.finishedBytes;
        return this;
    }

    long size() {
        return finishedBytes + open.size();
    }

    void writeTo(OutputStream out) throws IOException {
        finish();
        for (Content content : finished) {
            content.writeTo(out);
        }
    }

    private void finish() {
        if (open.size() > 0) {
            finished.add(Content.of(open.toByteArray()));
            finishedBytes += open.size();
            open = new ByteArrayOutputStream();
        }
    }

    private void tag(int field, int wireType) {
        varint((long) field << 3 | wireType);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            open.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        open.write((int) rest);
    }
}
