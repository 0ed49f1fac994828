package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Products of matrices, Fourier transforms and complex numbers. */
abstract class LtAlgebra extends LtShapes {
    @Override
    public LtNDArray dot(NDArray other) {
        int rank = rank(this);
        int otherRank = rank(other);
        if (rank == 0 || otherRank == 0) {
            return binary("dot", other, (a, b) -> a.mul(b));
        }
        if (otherRank <= 2) {
            return binary("dot", other, (a, b) -> a.matmul(b));
        }
        return binary("dot", other, (a, b) -> torch.tensordot(a, b, new long[] {-1}, new long[] {otherRank - 2}));
    }

    @Override
    public LtNDArray matMul(NDArray other) {
        if (rank(this) == 0 || rank(other) == 0) {
            throw new IllegalArgumentException("scalar is not allowed for matMul()");
        }
        return binary("matMul", other, (a, b) -> a.matmul(b));
    }

    @Override
    public LtNDArray batchMatMul(NDArray other) {
        if (rank(this) == 0 || rank(other) == 0) {
            throw new IllegalArgumentException("scalar is not allowed for batchMatMul()");
        }
        return binary("batchMatMul", other, (a, b) -> a.bmm(b));
    }

    @Override
    public LtNDArray batchDot(NDArray other) {
        if (getShape().dimension() < 3
                || getShape().dimension() != other.getShape().dimension()) {
            throw new IllegalArgumentException("batchDot: expected two arrays of the same rank of at least 3, got "
                    + getShape() + " and " + other.getShape());
        }
        return binary("batchDot", other, (a, b) -> a.matmul(b));
    }

    @Override
    public LtNDArray fft(long length, long axis) {
        return op(
                "fft", () -> torch.fft_fft(tensor(), new LongOptional(length), axis, Absent.TEXT), this, length, axis);
    }

    @Override
    public LtNDArray ifft(long length, long axis) {
        return op(
                "ifft",
                () -> torch.fft_ifft(tensor(), new LongOptional(length), axis, Absent.TEXT),
                this,
                length,
                axis);
    }

    @Override
    public LtNDArray rfft(long length, long axis) {
        return op(
                "rfft",
                () -> torch.fft_rfft(tensor(), new LongOptional(length), axis, Absent.TEXT),
                this,
                length,
                axis);
    }

    @Override
    public LtNDArray irfft(long length, long axis) {
        return op(
                "irfft",
                () -> torch.fft_irfft(tensor(), new LongOptional(length), axis, Absent.TEXT),
                this,
                length,
                axis);
    }

    @Override
    public LtNDArray fft2(long[] sizes, long[] axes) {
        return op("fft2", () -> torch.fft_fft2(tensor(), sizes, axes, Absent.TEXT), this, sizes, axes);
    }

    @Override
    public LtNDArray ifft2(long[] sizes, long[] axes) {
        return op("ifft2", () -> torch.fft_ifft2(tensor(), sizes, axes, Absent.TEXT), this, sizes, axes);
    }

    @Override
    public LtNDArray stft(
            long nFft, long hopLength, boolean center, NDArray window, boolean normalize, boolean returnComplex) {
        return op(
                "stft",
                () -> {
                    Tensor result = tensor().stft(
                                    nFft,
                                    new LongOptional(hopLength),
                                    new LongOptional(nFft),
                                    new TensorOptional(operand(window)),
                                    center,
                                    "reflect",
                                    normalize,
                                    new BoolOptional(true),
                                    new BoolOptional(true),
                                    Absent.BOOL);
                    return returnComplex ? result : torch.view_as_real(result);
                },
                this,
                nFft,
                hopLength);
    }

    @Override
    public LtNDArray complex() {
        return unary(
                "complex", t -> torch.view_as_complex(t.to(ScalarType.Float).contiguous()));
    }

    @Override
    public LtNDArray real() {
        return unary("real", t -> torch.view_as_real(t.resolve_conj()));
    }
}
