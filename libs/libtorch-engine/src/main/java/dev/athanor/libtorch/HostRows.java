package dev.athanor.libtorch;

import dev.athanor.libtorch.host.RowKernels;
import dev.athanor.libtorch.host.RowKernels.Rows;
import dev.athanor.libtorch.host.Workers;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors on the CPU as rows for {@link RowKernels}, and whether those are to be taken. */
final class HostRows {
    /** Elements from which on a kernel in Java is taken: below, the call is what costs, and code may not be compiled yet. */
    private static final long WORTHWHILE = 1 << 15;

    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private HostRows() {}

    /** Whether {@code x} suits, whose last dimension falls into parts of {@code n} elements that are worked on together. */
    static boolean suits(Tensor x, long n) {
        return PRESENT && x.is_cpu() && isFloat(x) && x.numel() >= WORTHWHILE && RowKernels.fits(n, isHalf(x));
    }

    private static boolean isFloat(Tensor x) {
        int type = x.scalar_type().value;
        return type == ScalarType.Float.value || type == ScalarType.BFloat16.value;
    }

    private static boolean isHalf(Tensor x) {
        return x.element_size() == 2;
    }

    /** The rows of a contiguous tensor: its last dimension. */
    static Rows of(Tensor contiguous) {
        return new Rows(RawData.segment(contiguous), isHalf(contiguous), contiguous.size(-1));
    }

    static int count(Tensor x) {
        return Math.toIntExact(x.numel() / x.size(-1));
    }

    /** More than one where libtorch has more. */
    static Workers workers() {
        return torch.get_num_threads() == 1 ? Workers.alone() : Workers.sleeping();
    }
}
