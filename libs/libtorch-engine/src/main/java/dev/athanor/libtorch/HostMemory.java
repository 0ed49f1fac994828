package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;

/** The memory of arrays on the CPU itself, for kernels written in Java. */
public final class HostMemory {
    private HostMemory() {}

    /**
     * The bytes of {@code array}, row-major and in native byte order. Writes to them are writes to the array, and are not recorded for
     * gradients. Whoever keeps the segment must not use it after the array was closed.
     *
     * @throws IllegalArgumentException if the array is not on the CPU, or its elements do not lie one after the other
     */
    public static MemorySegment of(NDArray array) {
        return NativeCall.value(
                "hostMemory",
                () -> {
                    Tensor tensor = LtNDArray.tensor(array).detach();
                    if (!tensor.is_cpu() || !tensor.is_contiguous()) {
                        throw new IllegalArgumentException("the memory of an array of shape " + array.getShape()
                                + " on " + array.getDevice() + " was asked for, expected a contiguous one on the CPU");
                    }
                    return RawData.segment(tensor);
                },
                array);
    }
}
