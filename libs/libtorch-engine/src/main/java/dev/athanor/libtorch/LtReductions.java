package dev.athanor.libtorch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Sums, means, norms, extremes, running sums, quantiles, and sorting along axes. */
abstract class LtReductions extends LtElementwise {
    @Override
    public LtNDArray max() {
        return unary("max", t -> t.max());
    }

    @Override
    public LtNDArray max(int[] axes, boolean keepDims) {
        return op("max", () -> tensor().amax(LtTypes.longs(axes), keepDims), this, axes);
    }

    @Override
    public LtNDArray min() {
        return unary("min", t -> t.min());
    }

    @Override
    public LtNDArray min(int[] axes, boolean keepDims) {
        return op("min", () -> tensor().amin(LtTypes.longs(axes), keepDims), this, axes);
    }

    @Override
    public LtNDArray sum() {
        return unary("sum", t -> t.sum());
    }

    @Override
    public LtNDArray sum(int[] axes, boolean keepDims) {
        return op("sum", () -> tensor().sum(LtTypes.longs(axes), keepDims, Absent.TYPE), this, axes);
    }

    @Override
    public LtNDArray cumProd(int axis) {
        return op("cumProd", () -> tensor().cumprod(axis), this, axis);
    }

    @Override
    public LtNDArray cumProd(int axis, DataType dataType) {
        return op(
                "cumProd",
                () -> tensor().cumprod(axis, new ScalarTypeOptional(LtTypes.scalarType(dataType))),
                this,
                axis,
                dataType);
    }

    @Override
    public LtNDArray prod() {
        return unary("prod", t -> t.prod());
    }

    @Override
    public LtNDArray prod(int[] axes, boolean keepDims) {
        int[] descending = descending("prod", axes);
        return op(
                "prod",
                () -> {
                    Tensor result = tensor();
                    for (int axis : descending) {
                        result = result.prod(axis, keepDims, Absent.TYPE);
                    }
                    return result;
                },
                this,
                axes);
    }

    @Override
    public LtNDArray mean() {
        return unary("mean", t -> floating().mean());
    }

    @Override
    public LtNDArray mean(int[] axes, boolean keepDims) {
        return op("mean", () -> floating().mean(LtTypes.longs(axes), keepDims, Absent.TYPE), this, axes);
    }

    @Override
    public LtNDArray normalize(double exponent, long dim, double eps) {
        return op(
                "normalize",
                () -> {
                    Tensor floats = floating();
                    Tensor length = floats.norm(new ScalarOptional(new Scalar(exponent)), new long[] {dim}, true);
                    return floats.div(length.clamp_min(new Scalar(eps)));
                },
                this,
                dim);
    }

    @Override
    public LtNDArray norm(boolean keepDims) {
        return norm(2, IntStream.range(0, getShape().dimension()).toArray(), keepDims);
    }

    @Override
    public LtNDArray norm(int ord, int[] axes, boolean keepDims) {
        return op(
                "norm",
                () -> floating().norm(new ScalarOptional(new Scalar((long) ord)), LtTypes.longs(axes), keepDims),
                this,
                ord,
                axes);
    }

    @Override
    public LtNDArray trace(int offset, int axis1, int axis2) {
        return op("trace", () -> tensor().diagonal(offset, axis1, axis2).sum(-1), this, offset, axis1, axis2);
    }

    @Override
    public LtNDArray all() {
        return unary("all", t -> t.to(ScalarType.Bool).all());
    }

    @Override
    public LtNDArray any() {
        return unary("any", t -> t.to(ScalarType.Bool).any());
    }

    @Override
    public LtNDArray none() {
        return unary("none", t -> t.to(ScalarType.Bool).any().logical_not());
    }

    @Override
    public LtNDArray cumSum() {
        return unary("cumSum", t -> t.reshape(-1).cumsum(0));
    }

    @Override
    public LtNDArray cumSum(int axis) {
        return op("cumSum", () -> tensor().cumsum(axis), this, axis);
    }

    @Override
    public LtNDArray argMax() {
        if (isEmpty()) {
            throw new IllegalArgumentException("argMax: an empty array has none, its shape is " + getShape());
        }
        return unary("argMax", t -> t.argmax());
    }

    @Override
    public LtNDArray argMax(int axis) {
        if (isScalar()) {
            return argMax();
        }
        return op("argMax", () -> tensor().argmax(new LongOptional(axis), false), this, axis);
    }

    @Override
    public LtNDArray argMin() {
        if (isEmpty()) {
            throw new IllegalArgumentException("argMin: an empty array has none, its shape is " + getShape());
        }
        return unary("argMin", t -> t.argmin());
    }

    @Override
    public LtNDArray argMin(int axis) {
        if (isScalar()) {
            return argMin();
        }
        return op("argMin", () -> tensor().argmin(new LongOptional(axis), false), this, axis);
    }

    @Override
    public NDList topK(int k, int axis, boolean largest, boolean sorted) {
        return list(
                "topK",
                () -> {
                    var pair = tensor().topk(k, axis, largest, sorted);
                    return new TensorVector(pair.get0(), pair.get1());
                },
                this,
                k,
                axis);
    }

    @Override
    public LtNDArray percentile(Number percentile) {
        return percentile(percentile, new int[] {-1});
    }

    @Override
    public LtNDArray percentile(Number percentile, int[] axes) {
        return op("percentile", () -> quantile(percentile.doubleValue() / 100, axes), this, percentile, axes);
    }

    /** The lower of the two middle values for an even count, along the last axis. */
    @Override
    public LtNDArray median() {
        return median(new int[] {-1});
    }

    @Override
    public LtNDArray median(int[] axes) {
        return op("median", () -> joined("median", axes).median(-1, false).get0(), this, axes);
    }

    private Tensor quantile(double q, int[] axes) {
        Tensor joined = joined("percentile", axes);
        Tensor floats = joined.is_floating_point() ? joined : joined.to(ScalarType.Float);
        return floats.quantile(q, new LongOptional(-1), false, "linear");
    }

    /** The given axes moved to the end and flattened into one. */
    private Tensor joined(String operation, int[] axes) {
        Tensor view = tensor();
        if (view.dim() == 0) {
            return view.reshape(1);
        }
        int[] last = descending(operation, axes);
        for (int i = 0; i < last.length; i++) {
            view = view.movedim(last[i], -1 - i);
        }
        return last.length == 0 ? view.unsqueeze(-1) : view.flatten(-last.length, -1);
    }

    /** Equal values keep their order ascending and are reversed with all others descending. */
    @Override
    public LtNDArray argSort(int axis, boolean ascending) {
        return op(
                "argSort",
                () -> {
                    Tensor order = tensor().argsort(true, axis, false);
                    return ascending || order.dim() == 0 ? order : order.flip(axis);
                },
                this,
                axis,
                ascending);
    }

    @Override
    public LtNDArray sort() {
        return sort(-1);
    }

    @Override
    public LtNDArray sort(int axis) {
        return op(
                "sort", () -> tensor().sort(new BoolOptional(true), axis, false).get0(), this, axis);
    }

    @Override
    public LtNDArray softmax(int axis) {
        return op("softmax", () -> floating().softmax(axis, Absent.TYPE), this, axis);
    }

    @Override
    public LtNDArray logSoftmax(int axis) {
        return op("logSoftmax", () -> floating().log_softmax(axis, Absent.TYPE), this, axis);
    }

    @Override
    public LtNDArray nonzero() {
        return unary("nonzero", t -> (t.dim() == 0 ? t.reshape(1) : t).nonzero());
    }
}
