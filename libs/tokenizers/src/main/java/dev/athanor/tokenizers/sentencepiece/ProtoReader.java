package dev.athanor.tokenizers.sentencepiece;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one Protocol Buffers message, one after the other. */
final class ProtoReader {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private final ByteBuffer in;
    private int field;
    private int wireType;

    ProtoReader(byte[] message) {
        in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes to the next field; false at the end. */
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        return true;
    }

    int field() {
        return field;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = need(1).get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("SentencePiece model: a varint of more than 10 bytes");
    }

    float float32() {
        return need(4).getFloat();
    }

    byte[] bytes() {
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException(
                    "SentencePiece model: a field of " + length + " bytes where " + in.remaining() + " are left");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    String string() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> need(8).getLong();
            case BYTES -> bytes();
            case FIXED32 -> need(4).getInt();
            default -> throw new IllegalArgumentException("SentencePiece model: wire type " + wireType);
        }
    }

    private ByteBuffer need(int bytes) {
        if (in.remaining() < bytes) {
            throw new IllegalArgumentException("SentencePiece model: cut off in field " + field);
        }
        return in;
    }
}
