package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** What the operations of {@link LtNDArray} are made of: one native call each, and arguments in libtorch's terms. */
abstract class LtOperations implements NDArray {
    /** The live tensor. */
    abstract Tensor tensor();

    @Override
    public abstract LtNDManager getManager();

    LtNDArray op(String operation, Supplier<Tensor> body, @Nullable Object... operands) {
        return NativeCall.array(getManager(), operation, body, operands);
    }

    LtNDArray unary(String operation, Function<Tensor, Tensor> body) {
        return NativeCall.array(getManager(), operation, () -> body.apply(tensor()), this);
    }

    /** {@code body} is a single call: it leaves nothing behind but its result. */
    LtNDArray binary(String operation, NDArray other, BiFunction<Tensor, Tensor, Tensor> body) {
        return NativeCall.single(getManager(), operation, body, this, other);
    }

    LtNDArray scalar(String operation, Number number, BiFunction<Tensor, Scalar, Tensor> body) {
        return NativeCall.array(
                getManager(), operation, () -> body.apply(tensor(), LtTypes.scalar(number)), this, number);
    }

    /** As {@link #scalar}, with the result type that DJL gives a number: an array of the number's own type and no dimensions. */
    LtNDArray arithmetic(String operation, Number number, BiFunction<Tensor, Scalar, Tensor> body) {
        return NativeCall.array(
                getManager(),
                operation,
                () -> body.apply(LtTypes.widened(tensor(), number), LtTypes.scalar(number)),
                this,
                number);
    }

    LtNDArray inPlace(String operation, Runnable body, @Nullable Object... operands) {
        NativeCall.run(operation, body, operands);
        return (LtNDArray) this;
    }

    LtNDArray binaryInPlace(String operation, NDArray other, BiConsumer<Tensor, Tensor> body) {
        return inPlace(operation, () -> body.accept(tensor(), operand(other)), this, other);
    }

    LtNDArray scalarInPlace(String operation, Number number, BiConsumer<Tensor, Scalar> body) {
        return inPlace(operation, () -> body.accept(tensor(), LtTypes.scalar(number)), this, number);
    }

    Tensor operand(NDArray other) {
        return other instanceof LtNDArray lt
                ? lt.tensor()
                : LtNDArray.tensor(java.util.Objects.requireNonNull(getManager().from(other)));
    }

    Tensor index(NDArray index) {
        Tensor plain = operand(index);
        return plain.scalar_type().value == ScalarType.Long.value ? plain : plain.to(ScalarType.Long);
    }

    NDList list(String operation, Supplier<TensorVector> body, @Nullable Object... operands) {
        return NativeCall.value(
                operation,
                () -> {
                    TensorVector results = body.get();
                    NDList list = new NDList((int) results.size());
                    for (long i = 0; i < results.size(); i++) {
                        list.add(new LtNDArray(getManager(), new Tensor(results.get(i))));
                    }
                    return list;
                },
                operands);
    }

    /** The number of dimensions, without making a {@code Shape} of an array that has none yet. */
    static int rank(NDArray array) {
        return array instanceof LtNDArray lt
                ? (int) lt.tensor().dim()
                : array.getShape().dimension();
    }

    /** Means, norms and the like are taken in float32 for integers. */
    Tensor floating() {
        Tensor plain = tensor();
        return plain.is_floating_point() || plain.is_complex() ? plain : plain.to(ScalarType.Float);
    }

    int axis(String operation, int axis) {
        int rank = getShape().dimension();
        if (axis < -Math.max(rank, 1) || axis >= Math.max(rank, 1)) {
            throw new IllegalArgumentException(
                    operation + ": axis " + axis + " is out of range for shape " + getShape());
        }
        return axis < 0 ? axis + rank : axis;
    }

    /** Axes as non-negative numbers, last first, so that removing one leaves the others where they are. */
    int[] descending(String operation, int[] axes) {
        int[] plain = IntStream.of(axes)
                .map(a -> axis(operation, a))
                .sorted()
                .distinct()
                .toArray();
        if (plain.length != axes.length) {
            throw new IllegalArgumentException(operation + ": an axis is given twice in " + Arrays.toString(axes));
        }
        return IntStream.range(0, plain.length)
                .map(i -> plain[plain.length - 1 - i])
                .toArray();
    }
}
