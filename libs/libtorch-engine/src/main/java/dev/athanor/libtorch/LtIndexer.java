package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDArrayIndexer;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexBooleans;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexPick;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.index.dim.NDIndexTake;
import ai.djl.ndarray.index.full.NDIndexFullPick;
import ai.djl.ndarray.index.full.NDIndexFullSlice;
import ai.djl.ndarray.index.full.NDIndexFullTake;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptionalList;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Reading and writing by {@link NDIndex}: fixed positions, slices with steps (also negative), ellipsis, new axes, boolean masks,
 * index arrays and picks, mixed as in numpy.
 */
final class LtIndexer extends NDArrayIndexer {
    private final LtNDManager manager;

    LtIndexer(LtNDManager manager) {
        this.manager = manager;
    }

    /** A view by basic indexing, and the index arrays that are left to apply to its dimensions. */
    private record View(Tensor tensor, @Nullable TensorOptionalList arrays) {}

    @Override
    public NDArray get(NDArray array, NDIndex index) {
        return NativeCall.array(
                manager,
                "get",
                () -> {
                    NDIndexPick pick = pickOf(index);
                    if (pick != null) {
                        return pick(array, fullPick(array, index));
                    }
                    View view = view(LtNDArray.tensor(array), index);
                    return view.arrays == null ? view.tensor.alias() : view.tensor.index(view.arrays);
                },
                array,
                index.getIndices().size() + " indices");
    }

    @Override
    public NDArray get(NDArray array, NDIndexFullPick fullPick) {
        return NativeCall.array(manager, "pick", () -> pick(array, fullPick), array, fullPick.getIndices());
    }

    @Override
    public NDArray get(NDArray array, NDIndexFullTake fullTake) {
        return array.take(manager, fullTake.getIndices());
    }

    @Override
    public NDArray get(NDArray array, NDIndexFullSlice slice) {
        return NativeCall.array(
                manager,
                "get",
                () -> sliced(LtNDArray.tensor(array), slice, true).alias(),
                array);
    }

    @Override
    public void set(NDArray array, NDIndex index, Object data) {
        NDArray value = data instanceof Number number ? null : (NDArray) cast(data);
        NativeCall.run(
                "set",
                () -> {
                    Tensor target = LtNDArray.tensor(array).detach();
                    Tensor source = value == null
                            ? org.bytedeco.pytorch.global.torch.full(
                                    new long[0], LtTypes.scalar((Number) data), target.options())
                            : placed(value, target);
                    if (pickOf(index) != null) {
                        NDIndexFullPick pick = fullPick(array, index);
                        Tensor positions = positions(array, pick);
                        target.scatter_(
                                pick.getAxis(),
                                positions,
                                source.expand_as(positions).contiguous());
                        return;
                    }
                    View view = view(target, index);
                    if (view.arrays == null) {
                        view.tensor.copy_(fitted(source, view.tensor));
                    } else {
                        view.tensor.index_put_(view.arrays, source, false);
                    }
                },
                array,
                index.getIndices().size() + " indices",
                data);
    }

    @Override
    public void set(NDArray array, NDIndexFullSlice slice, NDArray value) {
        NativeCall.run(
                "set",
                () -> {
                    Tensor target = sliced(LtNDArray.tensor(array).detach(), slice, false);
                    target.copy_(fitted(placed(value, target), target));
                },
                array,
                value);
    }

    @Override
    public void set(NDArray array, NDIndexFullSlice slice, Number value) {
        NativeCall.run(
                "set",
                () -> sliced(LtNDArray.tensor(array).detach(), slice, false).fill_(LtTypes.scalar(value)),
                array,
                value);
    }

    @Override
    public void set(NDArray array, NDIndexBooleans indices, NDArray value) {
        set(array, new NDIndex().addBooleanIndex(indices.getIndex()), (Object) value);
    }

    @Override
    public void setScalar(NDArray array, NDIndex index, Number value) {
        NDIndexFullSlice slice =
                NDIndexFullSlice.fromIndex(index, array.getShape()).orElse(null);
        if (slice == null || slice.getShape().size() != 1) {
            throw new IllegalArgumentException("The provided index does not set a scalar");
        }
        set(array, slice, value);
    }

    private static Object cast(Object data) {
        if (data instanceof NDArray) {
            return data;
        }
        throw new IllegalArgumentException("The type of value to assign cannot be other than NDArray and Number.");
    }

    private static Tensor placed(NDArray value, Tensor target) {
        return LtNDArray.tensor(value).detach().to(target.device(), target.scalar_type());
    }

    /** DJL lets [10] fill a slice of shape [1, 10, 1]: sizes must agree, not trailing dimensions. */
    private static Tensor fitted(Tensor source, Tensor target) {
        Shape wanted = LtTypes.shape(target);
        while (wanted.size() > source.numel() && wanted.dimension() > 0) {
            wanted = wanted.slice(1);
        }
        return wanted.size() == source.numel() ? source.reshape(wanted.getShape()) : source;
    }

    private static Tensor sliced(Tensor tensor, NDIndexFullSlice slice, boolean squeeze) {
        long[] min = slice.getMin();
        long[] max = slice.getMax();
        long[] step = slice.getStep();
        Tensor view = tensor;
        for (int i = 0; i < min.length; i++) {
            view = slice(view, i, min[i], max[i], step[i]);
        }
        if (squeeze) {
            int[] axes = slice.getToSqueeze().clone();
            java.util.Arrays.sort(axes);
            for (int i = axes.length - 1; i >= 0; i--) {
                view = view.squeeze(axes[i]);
            }
        }
        return view;
    }

    /** Negative steps are read by flipping: libtorch has no negative strides. */
    private static Tensor slice(Tensor view, int axis, @Nullable Long min, @Nullable Long max, long step) {
        long size = view.size(axis);
        if (step == 0) {
            throw new IllegalArgumentException("a slice's step is 0");
        }
        if (step > 0) {
            return view.slice(
                    axis,
                    min == null ? Absent.LONG : new LongOptional(min),
                    max == null ? Absent.LONG : new LongOptional(max),
                    step);
        }
        long from = min == null ? size - 1 : Math.min(min < 0 ? min + size : min, size - 1);
        long to = max == null ? -1 : Math.max(max < 0 ? max + size : max, -1);
        return view.flip(axis).slice(axis, new LongOptional(size - 1 - from), new LongOptional(size - 1 - to), -step);
    }

    private static View view(Tensor tensor, NDIndex index) {
        List<NDIndexElement> elements = index.getIndices();
        Tensor view = tensor;
        TensorOptionalList arrays = null;
        int consumed = 0;
        for (NDIndexElement element : elements) {
            consumed += width(element);
        }
        long spare = tensor.dim() - consumed;
        if (spare < 0) {
            throw new IllegalArgumentException(
                    "too many indices (" + consumed + ") for shape " + LtTypes.shape(tensor));
        }
        java.util.List<@Nullable Tensor> picks = new java.util.ArrayList<>();
        int axis = 0;
        for (int i = 0; i <= elements.size(); i++) {
            if (i == index.getEllipsisIndex()) {
                for (long s = 0; s < spare; s++) {
                    picks.add(null);
                }
                axis += (int) spare;
            }
            if (i == elements.size()) {
                break;
            }
            switch (elements.get(i)) {
                case NDIndexNull n -> {
                    view = view.unsqueeze(axis++);
                    picks.add(null);
                }
                case NDIndexAll a -> {
                    axis++;
                    picks.add(null);
                }
                case NDIndexSlice s -> {
                    view = slice(view, axis++, s.getMin(), s.getMax(), s.getStep() == null ? 1 : s.getStep());
                    picks.add(null);
                }
                case NDIndexFixed f -> view = view.select(axis, f.getIndex());
                case NDIndexBooleans b -> {
                    Tensor mask = LtNDArray.tensor(b.getIndex()).to(ScalarType.Bool);
                    picks.add(mask);
                    axis += (int) mask.dim();
                }
                case NDIndexTake t -> {
                    picks.add(LtNDArray.tensor(t.getIndex()).to(ScalarType.Long));
                    axis++;
                }
                case NDIndexElement other ->
                    throw new IllegalArgumentException(
                            "index element " + other.getClass().getSimpleName() + " cannot be mixed with others");
            }
        }
        boolean any = false;
        for (Tensor pick : picks) {
            any |= pick != null;
        }
        if (any) {
            arrays = new TensorOptionalList();
            for (Tensor pick : picks) {
                arrays.push_back(pick == null ? Absent.TENSOR : new TensorOptional(pick));
            }
        }
        return new View(view, arrays);
    }

    private static int width(NDIndexElement element) {
        return switch (element) {
            case NDIndexNull n -> 0;
            case NDIndexBooleans b -> b.getIndex().getShape().dimension();
            default -> 1;
        };
    }

    private static @Nullable NDIndexPick pickOf(NDIndex index) {
        for (NDIndexElement element : index.getIndices()) {
            if (element instanceof NDIndexPick pick) {
                return pick;
            }
        }
        return null;
    }

    private static NDIndexFullPick fullPick(NDArray array, NDIndex index) {
        return NDIndexFullPick.fromIndex(index, array.getShape())
                .orElseThrow(() ->
                        new IllegalArgumentException("a pick index must be the only one that is not a whole axis"));
    }

    private static Tensor pick(NDArray array, NDIndexFullPick pick) {
        return LtNDArray.tensor(array).gather(pick.getAxis(), positions(array, pick));
    }

    /** The picked positions with as many dimensions as the array: found by matching their shape against a run of the array's. */
    private static Tensor positions(NDArray array, NDIndexFullPick pick) {
        Tensor positions = LtNDArray.tensor(pick.getIndices()).to(ScalarType.Long);
        Shape shape = array.getShape();
        Shape given = LtTypes.shape(positions);
        int missing = shape.dimension() - given.dimension();
        if (missing <= 0) {
            return positions;
        }
        for (int i = 0; i < missing; i++) {
            if (given.equals(shape.slice(i, i + given.dimension()))) {
                long[] full = new long[shape.dimension()];
                java.util.Arrays.fill(full, 1);
                System.arraycopy(given.getShape(), 0, full, i, given.dimension());
                return positions.reshape(full);
            }
        }
        throw new IllegalArgumentException("expand shape failed! Cannot expand from " + given + " to " + shape);
    }
}
