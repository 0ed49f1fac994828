package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/**
 * Bytes of arrays, row-major and in native byte order, as memory segments: for file formats that read and write tensors without
 * copies on the Java heap.
 */
public final class RawData {
    private RawData() {}

    /** The number of bytes of {@code array}'s elements. */
    public static long byteSize(NDArray array) {
        return Math.multiplyExact(array.size(), (long) LtTypes.elementBytes(array.getDataType()));
    }

    /**
     * Lets {@code reader} see the bytes of {@code array}. Without a copy for a contiguous array on the CPU, over a temporary copy
     * otherwise. The segment is read-only and must not be kept.
     */
    public static <R> R read(NDArray array, Function<MemorySegment, R> reader) {
        return NativeCall.value(
                "read",
                () -> reader.apply(
                        segment(hostContiguous(LtNDArray.tensor(array))).asReadOnly()),
                array);
    }

    /** Lets {@code writer} fill the bytes of {@code array}: in place on the CPU if contiguous, else through a copy. */
    public static void write(NDArray array, Consumer<MemorySegment> writer) {
        NativeCall.run(
                "write",
                () -> {
                    Tensor tensor = LtNDArray.tensor(array).detach();
                    Tensor host = hostContiguous(tensor);
                    writer.accept(segment(host));
                    if (host.data_ptr().address() != tensor.data_ptr().address()) {
                        tensor.copy_(host);
                    }
                },
                array);
    }

    /** A contiguous tensor in host memory: {@code tensor} itself where it is one. */
    static Tensor hostContiguous(Tensor tensor) {
        Tensor plain = tensor.detach();
        if (plain.is_sparse() || plain.is_sparse_csr()) {
            plain = plain.to_dense();
        }
        return plain.cpu().contiguous().resolve_conj().resolve_neg();
    }

    static MemorySegment segment(Tensor host) {
        long bytes = host.numel() * host.element_size();
        if (bytes == 0) {
            return MemorySegment.ofArray(new byte[0]);
        }
        try (Pointer data = host.data_ptr()) {
            return MemorySegment.ofAddress(data.address()).reinterpret(bytes);
        }
    }

    /** Copies the elements of {@code tensor} into a new buffer of native order. */
    static ByteBuffer copyOut(Tensor tensor, boolean direct) {
        MemorySegment source = segment(hostContiguous(tensor));
        int bytes = Math.toIntExact(source.byteSize());
        ByteBuffer target = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
        MemorySegment.ofBuffer(target).copyFrom(source);
        return target.order(ByteOrder.nativeOrder());
    }

    /**
     * Fills a contiguous host tensor from the remaining elements of {@code data}. The element size of the buffer must be that of
     * {@code type}, except for byte buffers (raw bytes) and float buffers (rounded to float16 or bfloat16).
     */
    static void fill(Tensor host, DataType type, Shape shape, Buffer data) {
        long count = shape.size();
        MemorySegment target = segment(host);
        if (data instanceof ByteBuffer bytes) {
            if (bytes.remaining() < target.byteSize()) {
                throw tooSmall(shape, type, target.byteSize(), bytes.remaining(), "bytes");
            }
            target.copyFrom(MemorySegment.ofBuffer(bytes).asSlice(0, target.byteSize()));
            return;
        }
        if (data.remaining() < count) {
            throw tooSmall(shape, type, count, data.remaining(), "elements");
        }
        if (data instanceof FloatBuffer floats && (type == DataType.BFLOAT16 || type == DataType.FLOAT16)) {
            for (long i = 0; i < count; i++) {
                float value = floats.get(floats.position() + (int) i);
                target.setAtIndex(
                        ValueLayout.JAVA_SHORT,
                        i,
                        type == DataType.FLOAT16 ? Float.floatToFloat16(value) : Bfloat16.of(value));
            }
            return;
        }
        checkElement(type, data);
        MemorySegment source = order(data) == ByteOrder.nativeOrder() ? MemorySegment.ofBuffer(data) : swapped(data);
        target.copyFrom(source.asSlice(0, target.byteSize()));
    }

    private static IllegalArgumentException tooSmall(Shape shape, DataType type, long needed, long given, String unit) {
        return new IllegalArgumentException(
                "an array of " + type + shape + " needs " + needed + " " + unit + ", but the buffer has " + given);
    }

    private static void checkElement(DataType type, Buffer data) {
        int bytes = LtTypes.elementBytes(type);
        boolean fits = switch (data) {
            case FloatBuffer f -> type == DataType.FLOAT32 || type == DataType.COMPLEX64;
            case DoubleBuffer d -> type == DataType.FLOAT64;
            case LongBuffer l -> type == DataType.INT64 || type == DataType.UINT64;
            case IntBuffer i -> type == DataType.INT32 || type == DataType.UINT32;
            case ShortBuffer s -> bytes == 2;
            default -> false;
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    "a " + data.getClass().getSimpleName() + " does not hold elements of " + type);
        }
    }

    private static ByteOrder order(Buffer data) {
        return switch (data) {
            case FloatBuffer f -> f.order();
            case DoubleBuffer d -> d.order();
            case LongBuffer l -> l.order();
            case IntBuffer i -> i.order();
            case ShortBuffer s -> s.order();
            default -> ByteOrder.nativeOrder();
        };
    }

    private static MemorySegment swapped(Buffer data) {
        return switch (data) {
            case FloatBuffer f ->
                MemorySegment.ofBuffer(
                        FloatBuffer.allocate(f.remaining()).put(f.duplicate()).flip());
            case DoubleBuffer d ->
                MemorySegment.ofBuffer(
                        DoubleBuffer.allocate(d.remaining()).put(d.duplicate()).flip());
            case LongBuffer l ->
                MemorySegment.ofBuffer(
                        LongBuffer.allocate(l.remaining()).put(l.duplicate()).flip());
            case IntBuffer i ->
                MemorySegment.ofBuffer(
                        IntBuffer.allocate(i.remaining()).put(i.duplicate()).flip());
            case ShortBuffer s ->
                MemorySegment.ofBuffer(
                        ShortBuffer.allocate(s.remaining()).put(s.duplicate()).flip());
            default -> throw new IllegalArgumentException("unknown buffer " + data);
        };
    }
}
