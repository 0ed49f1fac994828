package dev.athanor.libtorch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Splitting, reshaping, permuting, repeating, padding. */
abstract class LtShapes extends LtReductions {
    @Override
    public LtNDArray rotate90(int times, int[] axes) {
        if (axes.length != 2) {
            throw new IllegalArgumentException("rotate90: expected 2 axes, got " + Arrays.toString(axes));
        }
        return op("rotate90", () -> tensor().rot90(times, LtTypes.longs(axes)), this, times, axes);
    }

    @Override
    public NDList split(long sections, int axis) {
        int along = axis("split", axis);
        long length = getShape().get(along);
        if (sections <= 0 || length % sections != 0) {
            throw new IllegalArgumentException(
                    "split: " + sections + " sections do not equally divide axis " + axis + " of shape " + getShape());
        }
        long step = length / sections;
        return split(
                java.util.stream.LongStream.range(1, sections)
                        .map(i -> i * step)
                        .toArray(),
                along);
    }

    @Override
    public NDList split(long[] indices, int axis) {
        int along = axis("split", axis);
        if (indices.length == 0) {
            return new NDList(unary("split", t -> t.alias()));
        }
        long length = getShape().get(along);
        return list(
                "split",
                () -> {
                    TensorVector parts = new TensorVector();
                    long from = 0;
                    for (int i = 0; i <= indices.length; i++) {
                        long to = i < indices.length ? Math.min(indices[i], length) : length;
                        parts.push_back(tensor().narrow(along, Math.min(from, length), Math.max(to - from, 0)));
                        from = Math.max(to, from);
                    }
                    return parts;
                },
                this,
                indices,
                axis);
    }

    @Override
    public LtNDArray flatten() {
        return unary("flatten", t -> t.reshape(-1));
    }

    @Override
    public LtNDArray flatten(int startDim, int endDim) {
        return op("flatten", () -> tensor().flatten(startDim, endDim), this, startDim, endDim);
    }

    /** Without the {@link Shape} that DJL makes, which costs more than the call. */
    @Override
    public LtNDArray reshape(long... sizes) {
        return op("reshape", () -> tensor().reshape(sizes), this, sizes);
    }

    @Override
    public LtNDArray broadcast(long... sizes) {
        return op("broadcast", () -> tensor().expand(sizes), this, sizes);
    }

    @Override
    public LtNDArray reshape(Shape shape) {
        return op("reshape", () -> tensor().reshape(shape.getShape()), this, shape);
    }

    @Override
    public LtNDArray expandDims(int axis) {
        return op("expandDims", () -> tensor().unsqueeze(axis), this, axis);
    }

    @Override
    public LtNDArray squeeze(int[] axes) {
        if (isScalar()) {
            if (axes.length == 0 || axes.length == 1 && (axes[0] == 0 || axes[0] == -1)) {
                return unary("squeeze", t -> t.alias());
            }
            throw new IllegalArgumentException("axis " + axes[0] + " is out of bounds for array of dimension 0");
        }
        int[] plain = descending("squeeze", axes);
        for (int axis : plain) {
            if (getShape().get(axis) != 1) {
                throw new IllegalArgumentException(
                        "squeeze: axis " + axis + " of shape " + getShape() + " has not size one");
            }
        }
        return op(
                "squeeze",
                () -> {
                    Tensor view = tensor().alias();
                    for (int axis : plain) {
                        view = view.squeeze(axis);
                    }
                    return view;
                },
                this,
                axes);
    }

    @Override
    public NDList unique(@Nullable Integer dim, boolean sorted, boolean returnInverse, boolean returnCounts) {
        return list(
                "unique",
                () -> {
                    TensorVector results = new TensorVector();
                    Tensor inverse;
                    Tensor counts;
                    if (dim == null) {
                        var stack = Operators.find("aten::_unique2")
                                .call(
                                        new IValue(tensor()),
                                        new IValue(sorted),
                                        new IValue(returnInverse),
                                        new IValue(returnCounts));
                        results.push_back(stack.get(0).toTensor());
                        inverse = stack.get(1).toTensor();
                        counts = stack.get(2).toTensor();
                    } else {
                        var triple = torch.unique_dim(tensor(), dim, sorted, returnInverse, returnCounts);
                        results.push_back(triple.get0());
                        inverse = triple.get1();
                        counts = triple.get2();
                    }
                    if (returnInverse) {
                        results.push_back(inverse);
                    }
                    if (returnCounts) {
                        results.push_back(counts);
                    }
                    return results;
                },
                this,
                dim);
    }

    @Override
    public LtNDArray transpose() {
        return unary("transpose", t -> {
            long rank = t.dim();
            return t.permute(java.util.stream.LongStream.range(0, rank)
                    .map(i -> rank - 1 - i)
                    .toArray());
        });
    }

    @Override
    public LtNDArray transpose(int... axes) {
        if (isScalar() && axes.length > 0) {
            throw new IllegalArgumentException("axes don't match NDArray");
        }
        return op("transpose", () -> tensor().permute(LtTypes.longs(axes)), this, axes);
    }

    @Override
    public LtNDArray swapAxes(int axis1, int axis2) {
        return op("swapAxes", () -> tensor().transpose(axis1, axis2), this, axis1, axis2);
    }

    @Override
    public LtNDArray flip(int... axes) {
        return op("flip", () -> tensor().flip(LtTypes.longs(axes)), this, axes);
    }

    @Override
    public LtNDArray broadcast(Shape shape) {
        return op("broadcast", () -> tensor().expand(shape.getShape()), this, shape);
    }

    @Override
    public LtNDArray pad(Shape padding, double value) {
        return op("pad", () -> torch.constant_pad_nd(tensor(), padding.getShape(), new Scalar(value)), this, padding);
    }

    @Override
    public LtNDArray tile(long repeats) {
        if (isEmpty()) {
            return (LtNDArray) duplicate();
        }
        long[] all = new long[Math.max(getShape().dimension(), 1)];
        Arrays.fill(all, repeats);
        return tile(all);
    }

    /** Repeats along {@code axis}; as in DJL's example, an axis one past the last puts a new one in front. */
    @Override
    public LtNDArray tile(int axis, long repeats) {
        int rank = getShape().dimension();
        if (rank == 0) {
            throw new IllegalArgumentException("tile: an array without dimensions has no axis " + axis);
        }
        int along = axis == rank ? rank : axis("tile", axis);
        long[] all = new long[Math.max(rank, along + 1)];
        Arrays.fill(all, 1);
        all[along] = repeats;
        return tile(all);
    }

    @Override
    public LtNDArray tile(long[] repeats) {
        return op("tile", () -> tensor().tile(repeats), this, repeats);
    }

    @Override
    public LtNDArray tile(Shape desiredShape) {
        return tile(repeatsToMatch(desiredShape));
    }

    @Override
    public LtNDArray repeat(long repeats) {
        if (isEmpty()) {
            return (LtNDArray) duplicate();
        }
        long[] all = new long[Math.max(getShape().dimension(), 1)];
        Arrays.fill(all, repeats);
        return repeat(all);
    }

    @Override
    public LtNDArray repeat(int axis, long repeats) {
        return op(
                "repeat",
                () -> tensor().repeat_interleave(repeats, new LongOptional(axis), Absent.LONG),
                this,
                axis,
                repeats);
    }

    @Override
    public LtNDArray repeat(long[] repeats) {
        return op(
                "repeat",
                () -> {
                    Tensor result = isScalar() && repeats.length > 0 ? tensor().reshape(1) : tensor().alias();
                    if (repeats.length > result.dim()) {
                        throw new IllegalArgumentException(
                                "repeat: " + repeats.length + " repeats for shape " + getShape());
                    }
                    for (int i = 0; i < repeats.length; i++) {
                        result = result.repeat_interleave(repeats[i], new LongOptional(i), Absent.LONG);
                    }
                    return result;
                },
                this,
                repeats);
    }

    @Override
    public LtNDArray repeat(Shape desiredShape) {
        return repeat(repeatsToMatch(desiredShape));
    }

    private long[] repeatsToMatch(Shape desired) {
        int rank = getShape().dimension();
        int missing = rank - desired.dimension();
        if (missing < 0) {
            throw new IllegalArgumentException(
                    "desired shape " + desired + " has too many dimensions for " + getShape());
        }
        long[] repeats = new long[rank];
        Arrays.fill(repeats, 1);
        for (int i = 0; i < desired.dimension(); i++) {
            long size = getShape().get(missing + i);
            if (size == 0 || desired.get(i) % size != 0) {
                throw new IllegalArgumentException(
                        "desired shape " + desired + " is not a multiple of the original shape " + getShape());
            }
            repeats[missing + i] = desired.get(i) / size;
        }
        return repeats;
    }

    @Override
    public LtNDArray diagonal() {
        return diagonal(0, 0, 1);
    }

    @Override
    public LtNDArray diagonal(int offset) {
        return diagonal(offset, 0, 1);
    }

    @Override
    public LtNDArray diagonal(int offset, int axis1, int axis2) {
        return op("diagonal", () -> tensor().diagonal(offset, axis1, axis2), this, offset, axis1, axis2);
    }

    @Override
    public LtNDArray diff(int n, int dim) {
        return op("diff", () -> tensor().diff(n, dim, Absent.TENSOR, Absent.TENSOR), this, n, dim);
    }

    @Override
    public LtNDArray oneHot(int depth, float onValue, float offValue, DataType dataType) {
        return op(
                "oneHot",
                () -> {
                    Tensor hot = torch.one_hot(index(this), depth);
                    ScalarType type = LtTypes.scalarType(dataType);
                    if (onValue == 1f && offValue == 0f) {
                        return hot.to(type);
                    }
                    return hot.to(ScalarType.Float)
                            .mul_(new Scalar(onValue - offValue))
                            .add_(new Scalar(offValue))
                            .to(type);
                },
                this,
                depth);
    }
}
