package dev.athanor.lm.onnx;

import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.onnx.ProtoMessage.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A constant of a graph: ONNX's {@code TensorProto}.
 *
 * @param shape empty for a scalar
 * @param content row-major, little endian
 */
record OnnxTensor(String name, Type type, List<Long> shape, Content content) {

    private static final int COPIED_BYTES = 1 << 20;

    /** Element types by their numbers in {@code TensorProto.DataType}. */
    enum Type {
        FLOAT(1),
        INT64(7),
        BOOL(9);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    OnnxTensor {
        shape = List.copyOf(shape);
    }

    static OnnxTensor ofInts(String name, List<Long> shape, long[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return new OnnxTensor(name, Type.INT64, shape, Content.of(bytes.array()));
    }

    static OnnxTensor ofFloats(String name, List<Long> shape, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new OnnxTensor(name, Type.FLOAT, shape, Content.of(bytes.array()));
    }

    /** A float32 array, which is read when the tensor is written. */
    static OnnxTensor of(String name, NDArray array) {
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        long size = RawData.byteSize(array);
        return new OnnxTensor(name, Type.FLOAT, shape, new Content() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                try {
                    RawData.read(array, bytes -> copied(bytes, out));
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }
        });
    }

    private static long copied(MemorySegment bytes, OutputStream out) {
        try {
            for (long at = 0; at < bytes.byteSize(); at += COPIED_BYTES) {
                long length = Math.min(COPIED_BYTES, bytes.byteSize() - at);
                out.write(bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
            }
            return bytes.byteSize();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With its content. */
    ProtoMessage inline() {
        return head().bytes(9, content);
    }

    /** With a reference to where its content lies in a file beside the model. */
    ProtoMessage external(String file, long offset) {
        return head().message(13, entry("location", file))
                .message(13, entry("offset", Long.toString(offset)))
                .message(13, entry("length", Long.toString(content.size())))
                .integer(14, 1);
    }

    private ProtoMessage head() {
        var proto = new ProtoMessage();
        shape.forEach(size -> proto.integer(1, size));
        return proto.integer(2, type.number).string(8, name);
    }

    private static ProtoMessage entry(String key, String value) {
        return new ProtoMessage().string(1, key).string(2, value);
    }
}
