package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.Layout;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** DJL's data types, devices, shapes and numbers in libtorch's terms, and back. */
final class LtTypes {
    private static final ScalarType[] SCALAR_TYPES = new ScalarType[DataType.values().length];
    private static final DataType[] DATA_TYPES = new DataType[ScalarType.values().length];

    static {
        map(DataType.FLOAT32, ScalarType.Float);
        map(DataType.FLOAT64, ScalarType.Double);
        map(DataType.FLOAT16, ScalarType.Half);
        map(DataType.BFLOAT16, ScalarType.BFloat16);
        map(DataType.INT8, ScalarType.Char);
        map(DataType.INT16, ScalarType.Short);
        map(DataType.INT32, ScalarType.Int);
        map(DataType.INT64, ScalarType.Long);
        map(DataType.UINT8, ScalarType.Byte);
        map(DataType.UINT16, ScalarType.UInt16);
        map(DataType.UINT32, ScalarType.UInt32);
        map(DataType.UINT64, ScalarType.UInt64);
        map(DataType.BOOLEAN, ScalarType.Bool);
        map(DataType.COMPLEX64, ScalarType.ComplexFloat);
    }

    private static final int KEPT = 256;
    private static final AtomicReferenceArray<Scalar> INTEGERS = new AtomicReferenceArray<>(KEPT);
    private static final AtomicReferenceArray<Floating> FLOATING = new AtomicReferenceArray<>(KEPT);

    private LtTypes() {}

    private static void map(DataType dataType, ScalarType scalarType) {
        SCALAR_TYPES[dataType.ordinal()] = scalarType;
        DATA_TYPES[scalarType.value] = dataType;
    }

    static ScalarType scalarType(DataType dataType) {
        ScalarType type = SCALAR_TYPES[dataType.ordinal()];
        if (type == null) {
            throw new IllegalArgumentException("data type " + dataType + " has no libtorch tensor type");
        }
        return type;
    }

    static DataType dataType(Tensor tensor) {
        int code = tensor.scalar_type().value;
        DataType type = code >= 0 && code < DATA_TYPES.length ? DATA_TYPES[code] : null;
        return type == null ? DataType.UNKNOWN : type;
    }

    /** Bytes of one element; DJL's own table is wrong for COMPLEX64 (it says 4). */
    static int elementBytes(DataType dataType) {
        return dataType == DataType.COMPLEX64 ? 8 : dataType.getNumOfBytes();
    }

    static org.bytedeco.pytorch.Device torchDevice(Device device) {
        if (device.isGpu()) {
            return new org.bytedeco.pytorch.Device(DeviceType.CUDA, (byte) device.getDeviceId());
        }
        // A program for several devices may number processors too: all are the one.
        if (!Device.Type.CPU.equals(device.getDeviceType())) {
            throw new IllegalArgumentException("device " + device + " is not supported, expected cpu or gpu(i)");
        }
        return new org.bytedeco.pytorch.Device(DeviceType.CPU);
    }

    static Device device(Tensor tensor) {
        if (tensor.is_cpu()) {
            return Device.cpu();
        }
        try (org.bytedeco.pytorch.Device device = tensor.device()) {
            return tensor.is_cuda() ? Device.gpu(device.index()) : Device.of("meta", -1);
        }
    }

    /** Call inside a pointer scope. */
    static TensorOptions options(DataType dataType, Device device) {
        TensorOptions options = new TensorOptions(scalarType(dataType));
        if (Device.Type.CPU.equals(device.getDeviceType())) {
            return options;
        }
        return options.device(new org.bytedeco.pytorch.DeviceOptional(torchDevice(device)));
    }

    static Shape shape(Tensor tensor) {
        int rank = (int) tensor.dim();
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++) {
            sizes[i] = tensor.size(i);
        }
        return new Shape(sizes);
    }

    static SparseFormat sparseFormat(Tensor tensor) {
        Layout layout = tensor.layout().intern();
        return switch (layout) {
            case Sparse -> SparseFormat.COO;
            case SparseCsr -> SparseFormat.CSR;
            default -> SparseFormat.DENSE;
        };
    }

    /**
     * An integral or floating scalar, so that libtorch's type promotion sees what the Java number is. Small integers and the first
     * floating numbers that a process uses are kept, for making one costs more than adding it.
     */
    static Scalar scalar(Number number) {
        return switch (number) {
            case Integer i -> scalar((long) i);
            case Long l -> scalar(l.longValue());
            case Short s -> scalar((long) s);
            case Byte b -> scalar((long) b);
            default -> scalar(number.doubleValue());
        };
    }

    private static Scalar scalar(long number) {
        if (number < -KEPT / 2 || number >= KEPT / 2) {
            return new Scalar(number);
        }
        int at = (int) number + KEPT / 2;
        Scalar known = INTEGERS.get(at);
        if (known == null) {
            Scalar made = new Scalar(number).retainReference();
            known = INTEGERS.compareAndSet(at, null, made) ? made : INTEGERS.get(at);
        }
        return known;
    }

    private static Scalar scalar(double number) {
        long bits = Double.doubleToRawLongBits(number);
        int at = (int) ((bits * 0x9E3779B97F4A7C15L) >>> 56);
        Floating known = FLOATING.get(at);
        if (known == null) {
            known = new Floating(bits, new Scalar(number).retainReference());
            // The loser's scalar goes with its reference, as any other.
            if (!FLOATING.compareAndSet(at, null, known)) {
                known.scalar.releaseReference();
                known = FLOATING.get(at);
            }
        }
        return known.bits == bits ? known.scalar : new Scalar(number);
    }

    private record Floating(long bits, Scalar scalar) {}

    /**
     * {@code tensor} in the type that arithmetic with {@code number} gives in DJL, where a number is an array of its own type
     * (int32, int64, float32, float64) without dimensions. libtorch knows only integral and floating numbers, so this differs
     * for a number of a higher kind than the tensor, and for tensors without dimensions themselves.
     */
    static Tensor widened(Tensor tensor, Number number) {
        ScalarType own = tensor.scalar_type();
        ScalarType wanted = own;
        if (number instanceof Double) {
            boolean real = tensor.is_floating_point();
            if (real ? own.value != ScalarType.Double.value && tensor.dim() == 0 : !tensor.is_complex()) {
                wanted = ScalarType.Double;
            }
        } else if (number instanceof Float) {
            boolean sixteenBits = own.value == ScalarType.Half.value || own.value == ScalarType.BFloat16.value;
            wanted = sixteenBits && tensor.dim() == 0 ? ScalarType.Float : own;
        } else if (number instanceof Integer) {
            boolean narrow = own.value < ScalarType.Int.value && tensor.dim() == 0; // uint8, int8, int16
            wanted = narrow || own.value == ScalarType.Bool.value ? ScalarType.Int : own;
        } else if (number instanceof Long) {
            wanted = own.value < ScalarType.Long.value && tensor.dim() == 0 ? ScalarType.Long : own;
        }
        return wanted == own ? tensor : tensor.to(wanted);
    }

    static long[] longs(int[] axes) {
        long[] result = new long[axes.length];
        for (int i = 0; i < axes.length; i++) {
            result[i] = axes[i];
        }
        return result;
    }
}
