package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.util.Float16Utils;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A libtorch tensor as a DJL array. It belongs to a manager, and its memory goes when the array or the manager is closed; views
 * (slices, transposes, reshapes) share memory, which goes with the last of them. Using a closed array raises
 * {@link IllegalStateException}. An array of strings has no tensor.
 */
public final class LtNDArray extends LtAlgebra {
    private static final AtomicLong COUNTER = new AtomicLong();
    private static final AtomicLong LIVE = new AtomicLong();
    private static final VarHandle TENSOR;

    static {
        try {
            TENSOR = MethodHandles.lookup().findVarHandle(LtNDArray.class, "tensor", Tensor.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String uid;
    private LtNDManager manager;
    private volatile @Nullable Tensor tensor;
    private String @Nullable [] strings;
    private @Nullable String name;
    private @Nullable Shape shape;
    private @Nullable DataType dataType;
    private @Nullable Device device;
    private @Nullable LtNDArrayEx extension;

    /** Takes a reference of its own on {@code tensor}, so that the pointer scope it was made in may close. */
    LtNDArray(LtNDManager manager, Tensor tensor) {
        this.uid = "lt-" + COUNTER.incrementAndGet();
        this.manager = manager;
        // What a tuple or an in-place operation returns is a reference into something else, without an owner.
        Tensor owned = tensor.referenceCount() < 0 ? new Tensor(tensor) : tensor;
        this.tensor = owned;
        manager.own(uid, this);
        owned.retainReference();
        LIVE.incrementAndGet();
        NDScope.register(this);
    }

    LtNDArray(LtNDManager manager, String[] strings, Shape shape) {
        this.uid = "lt-" + COUNTER.incrementAndGet();
        this.manager = manager;
        this.strings = strings;
        this.shape = shape;
        this.dataType = DataType.STRING;
        this.device = Device.cpu();
        manager.own(uid, this);
        NDScope.register(this);
    }

    /** The live tensor of {@code array}. */
    static Tensor tensor(NDArray array) {
        if (array instanceof LtNDArray lt) {
            return lt.tensor();
        }
        throw new IllegalArgumentException("expected an array of engine " + LtEngine.NAME + ", got "
                + array.getClass().getName() + "; convert it with NDManager.from");
    }

    Tensor tensor() {
        Tensor live = tensor;
        if (live == null) {
            if (strings != null) {
                throw new UnsupportedOperationException("an array of strings supports no tensor operations");
            }
            throw new IllegalStateException(
                    "this array has been closed" + (shape == null ? "" : ", it was " + dataType + shape));
        }
        return live;
    }

    // Identity and life.

    @Override
    public LtNDManager getManager() {
        return manager;
    }

    @Override
    public String getUid() {
        return uid;
    }

    @Override
    public @Nullable String getName() {
        return name;
    }

    @Override
    public void setName(@Nullable String name) {
        this.name = name;
    }

    @Override
    public DataType getDataType() {
        DataType known = dataType;
        if (known == null) {
            dataType = known = LtTypes.dataType(tensor());
        }
        return known;
    }

    @Override
    public Device getDevice() {
        Device known = device;
        if (known == null) {
            device = known = LtTypes.device(tensor());
        }
        return known;
    }

    @Override
    public Shape getShape() {
        Shape known = shape;
        if (known == null) {
            shape = known = LtTypes.shape(tensor());
        }
        return known;
    }

    @Override
    public SparseFormat getSparseFormat() {
        return strings != null ? SparseFormat.DENSE : LtTypes.sparseFormat(tensor());
    }

    @Override
    public void attach(NDManager manager) {
        detach();
        this.manager = (LtNDManager) manager;
        manager.attachInternal(uid, this);
    }

    @Override
    public void returnResource(NDManager manager) {
        detach();
        this.manager = (LtNDManager) manager;
        manager.attachUncappedInternal(uid, this);
    }

    @Override
    public void tempAttach(NDManager manager) {
        NDManager original = this.manager;
        detach();
        this.manager = (LtNDManager) manager;
        manager.tempAttachInternal(original, uid, this);
    }

    @Override
    public void detach() {
        manager.detachInternal(uid);
        manager = LtNDManager.system();
    }

    @Override
    public boolean isReleased() {
        return tensor == null && strings == null;
    }

    @Override
    public void close() {
        Tensor live = (Tensor) TENSOR.getAndSet(this, null);
        strings = null;
        if (live != null) {
            LIVE.decrementAndGet();
            live.releaseReference();
        }
        manager.detachInternal(uid);
    }

    /** How many arrays with a tensor are open. */
    static long liveCount() {
        return LIVE.get();
    }

    @Override
    public void intern(NDArray replaced) {
        LtNDArray other = (LtNDArray) replaced;
        Tensor incoming = other.tensor();
        Tensor old = tensor();
        incoming.retainReference();
        tensor = incoming;
        shape = null;
        dataType = null;
        device = null;
        old.releaseReference();
        other.close();
    }

    // Conversion.

    @Override
    public LtNDArray toDevice(Device device, boolean copy) {
        if (device.equals(getDevice()) && !copy) {
            return this;
        }
        LtNDArray result = op(
                "toDevice",
                () -> tensor().to(LtTypes.torchDevice(device), tensor().scalar_type(), false, copy, Absent.FORMAT),
                this,
                device);
        result.setName(getName());
        return result;
    }

    @Override
    public LtNDArray toType(DataType dataType, boolean copy) {
        if (dataType == getDataType() && !copy) {
            return this;
        }
        ScalarType target = LtTypes.scalarType(dataType);
        LtNDArray result = op("toType", () -> tensor().to(target, false, copy, Absent.FORMAT), this, dataType);
        result.setName(getName());
        return result;
    }

    @Override
    public ByteBuffer toByteBuffer(boolean tryDirect) {
        if (strings != null) {
            throw new UnsupportedOperationException("an array of strings has no bytes; use toStringArray");
        }
        return NativeCall.value("toByteBuffer", () -> RawData.copyOut(tensor(), tryDirect), this);
    }

    @Override
    public float[] toFloatArray() {
        return switch (getDataType()) {
            case FLOAT16 -> Float16Utils.fromByteBuffer(toByteBuffer());
            case BFLOAT16 -> bfloats();
            case COMPLEX64, FLOAT32 -> {
                FloatBuffer floats = toByteBuffer().asFloatBuffer();
                float[] result = new float[floats.remaining()];
                floats.get(result);
                yield result;
            }
            default -> throw new IllegalStateException("DataType mismatch, Required float, Actual " + getDataType());
        };
    }

    private float[] bfloats() {
        ByteBuffer bytes = toByteBuffer();
        float[] result = new float[bytes.remaining() / 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = Bfloat16.toFloat(bytes.getShort());
        }
        return result;
    }

    @Override
    public Number[] toArray() {
        if (getDataType() == DataType.BFLOAT16 || getDataType() == DataType.COMPLEX64) {
            float[] floats = toFloatArray();
            Number[] result = new Number[floats.length];
            for (int i = 0; i < floats.length; i++) {
                result[i] = floats[i];
            }
            return result;
        }
        return super.toArray();
    }

    @Override
    public String[] toStringArray(Charset charset) {
        String[] values = strings;
        if (values == null) {
            throw new UnsupportedOperationException("an array of " + getDataType() + " holds no strings");
        }
        return values.clone();
    }

    @Override
    public void set(Buffer buffer) {
        NativeCall.run(
                "set",
                () -> {
                    Tensor target = tensor().detach();
                    if (target.is_cpu() && target.is_contiguous()) {
                        RawData.fill(target, getDataType(), getShape(), buffer);
                    } else {
                        Tensor host = torch.empty_like(target).cpu().contiguous();
                        RawData.fill(host, getDataType(), getShape(), buffer);
                        target.copy_(host);
                    }
                },
                this);
    }

    @Override
    public void copyTo(NDArray array) {
        if (array instanceof LtNDArray target) {
            if (!getShape().equals(target.getShape())) {
                throw new IllegalArgumentException(
                        "copyTo: shape " + getShape() + " differs from the target's " + target.getShape());
            }
            NativeCall.run("copyTo", () -> target.tensor().detach().copy_(tensor().detach()), this, array);
        } else {
            array.set(toByteBuffer());
        }
    }

    @Override
    public LtNDArray duplicate() {
        if (strings != null) {
            return manager.create(
                    toStringArray(java.nio.charset.StandardCharsets.UTF_8),
                    java.nio.charset.StandardCharsets.UTF_8,
                    getShape());
        }
        LtNDArray copy = op("duplicate", () -> tensor().clone(Absent.FORMAT), this);
        copy.setName(getName());
        return copy;
    }

    // Gradients.

    @Override
    public void setRequiresGradient(boolean requiresGrad) {
        NativeCall.run("setRequiresGradient", () -> tensor().requires_grad_(requiresGrad), this);
    }

    /** Whether this array takes part in differentiation. */
    @Override
    public boolean hasGradient() {
        return strings == null && tensor().requires_grad();
    }

    /** The gradient, sharing its memory; zeros before the first backward pass. */
    @Override
    public LtNDArray getGradient() {
        if (!hasGradient()) {
            throw new IllegalStateException(
                    "no gradient is attached to this array: call setRequiresGradient(true) before computing with it");
        }
        return op(
                "getGradient",
                () -> {
                    Tensor gradient = tensor().grad();
                    return gradient.defined() ? new Tensor(gradient) : torch.zeros_like(tensor().detach());
                },
                this);
    }

    void clearGradient() {
        NativeCall.run("clearGradient", () -> tensor().mutable_grad().reset(), this);
    }

    @Override
    public LtNDArray stopGradient() {
        return unary("stopGradient", Tensor::detach);
    }

    // Reading and writing by index.

    @Override
    public LtNDArray get(NDManager manager, long... indices) {
        return NativeCall.array(
                (LtNDManager) manager,
                "get",
                () -> {
                    Tensor view = tensor();
                    for (long index : indices) {
                        view = view.select(0, index);
                    }
                    return view == tensor() ? view.alias() : view;
                },
                this,
                indices);
    }

    @Override
    public LtNDArray gather(NDArray index, int axis) {
        return op("gather", () -> tensor().gather(axis, index(index)), this, index, axis);
    }

    /** {@code index} is [depth, ...]: its first dimension holds coordinates into the first {@code depth} dimensions. */
    @Override
    public LtNDArray gatherNd(NDArray index) {
        int depth = (int) index.getShape().get(0);
        if (depth > getShape().dimension()) {
            throw new IllegalArgumentException(
                    "gatherNd: indexing depth " + depth + " exceeds the rank of shape " + getShape());
        }
        return op(
                "gatherNd",
                () -> {
                    Tensor coordinates = index(index);
                    org.bytedeco.pytorch.TensorOptionalList picks = new org.bytedeco.pytorch.TensorOptionalList();
                    for (int i = 0; i < depth; i++) {
                        picks.push_back(new TensorOptional(coordinates.select(0, i)));
                    }
                    return tensor().index(picks);
                },
                this,
                index);
    }

    @Override
    public LtNDArray take(NDManager manager, NDArray index) {
        return NativeCall.array((LtNDManager) manager, "take", () -> tensor().take(index(index)), this, index);
    }

    @Override
    public LtNDArray put(NDArray index, NDArray value) {
        return op(
                "put",
                () -> tensor().put(index(index), operand(value).to(tensor().scalar_type()), false),
                this,
                index,
                value);
    }

    @Override
    public LtNDArray scatter(NDArray index, NDArray value, int axis) {
        return op("scatter", () -> tensor().scatter(axis, index(index), operand(value)), this, index, value, axis);
    }

    /** A mask of this array's shape gives a flat result; one of the shape from {@code axis} on keeps the axes before it. */
    @Override
    public LtNDArray booleanMask(NDArray index, int axis) {
        Shape mask = index.getShape();
        if (isScalar() || mask.isScalar()) {
            throw new IllegalArgumentException(
                    "booleanMask: expected at least one dimension, got " + getShape() + " and mask " + mask);
        }
        if (mask.equals(getShape()) && axis == 0) {
            return op("booleanMask", () -> tensor().masked_select(mask(index)), this, index);
        }
        int from = axis("booleanMask", axis);
        if (from + mask.dimension() > getShape().dimension()
                || !mask.equals(getShape().slice(from, from + mask.dimension()))) {
            throw new IllegalArgumentException(
                    "booleanMask: mask " + mask + " does not match shape " + getShape() + " from axis " + axis);
        }
        return op(
                "booleanMask",
                () -> {
                    Tensor flat = tensor().flatten(from, from + mask.dimension() - 1);
                    return flat.index_select(
                            from, mask(index).flatten().nonzero().flatten());
                },
                this,
                index,
                axis);
    }

    private Tensor mask(NDArray index) {
        return operand(index).to(ScalarType.Bool);
    }

    @Override
    public LtNDArray sequenceMask(NDArray sequenceLength, float value) {
        int rank = getShape().dimension();
        if (rank < 2
                || getShape().hasZeroDimension()
                || sequenceLength.getShape().dimension() != 1
                || sequenceLength.size() != getShape().get(0)) {
            throw new IllegalArgumentException("sequenceMask: shape " + getShape()
                    + " needs at least [batch, time] and lengths [" + "batch], got " + sequenceLength.getShape());
        }
        return op(
                "sequenceMask",
                () -> {
                    Tensor lengths = index(sequenceLength);
                    Tensor outside = torch.arange(new Scalar(getShape().get(1)), lengths.options())
                            .unsqueeze(0)
                            .ge(lengths.unsqueeze(1));
                    for (int i = 2; i < rank; i++) {
                        outside = outside.unsqueeze(-1);
                    }
                    return tensor().masked_fill(outside, new Scalar(value));
                },
                this,
                sequenceLength);
    }

    @Override
    public LtNDArray sequenceMask(NDArray sequenceLength) {
        return sequenceMask(sequenceLength, 0f);
    }

    // Comparison as a whole.

    @Override
    public boolean contentEquals(@Nullable Number number) {
        return strings == null
                && number != null
                && getDataType() != DataType.BOOLEAN
                && NativeCall.value(
                        "contentEquals",
                        () -> tensor().eq(LtTypes.scalar(number)).all().item_bool(),
                        this,
                        number);
    }

    @Override
    public boolean contentEquals(@Nullable NDArray other) {
        if (other == null || !shapeEquals(other) || getDataType() != other.getDataType()) {
            return false;
        }
        if (strings != null) {
            return Arrays.equals(strings, other.toStringArray());
        }
        return NativeCall.value("contentEquals", () -> tensor().equal(operand(other)), this, other);
    }

    @Override
    public boolean allClose(NDArray other, double rtol, double atol, boolean equalNan) {
        if (!shapeEquals(other)) {
            return false;
        }
        return NativeCall.value(
                "allClose",
                () -> tensor().to(ScalarType.Double)
                        .allclose(operand(other).to(ScalarType.Double), rtol, atol, equalNan),
                this,
                other);
    }

    // Sparse.

    @Override
    public LtNDArray toDense() {
        return unary("toDense", t -> t.is_sparse() || t.is_sparse_csr() ? t.to_dense() : t.clone(Absent.FORMAT));
    }

    @Override
    public LtNDArray toSparse(SparseFormat format) {
        return switch (format) {
            case COO -> unary("toSparse", t -> t.to_sparse());
            case CSR -> unary("toSparse", t -> t.to_sparse_csr());
            case ROW_SPARSE -> unary("toSparse", t -> t.to_sparse(1));
            default -> throw new IllegalArgumentException("Default type is not allowed");
        };
    }

    // Objects.

    @Override
    public NDArrayEx getNDArrayInternal() {
        LtNDArrayEx known = extension;
        if (known == null) {
            if (strings != null) {
                throw new UnsupportedOperationException("an array of strings supports no tensor operations");
            }
            extension = known = new LtNDArrayEx(this);
        }
        return known;
    }

    @Override
    public String toString() {
        if (isReleased()) {
            return "This array is already closed";
        }
        if (strings != null) {
            return Arrays.toString(strings);
        }
        if (isSparse()) {
            try (NDArray dense = toDense()) {
                return dense.toDebugString();
            }
        }
        if (getDataType() == DataType.BFLOAT16 || getDataType() == DataType.COMPLEX64) {
            return "ND: " + getShape() + ' ' + getDevice() + ' ' + getDataType();
        }
        return toDebugString();
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof NDArray other && contentEquals(other);
    }

    /** Equality is by content, which changes: no hash can follow it. */
    @Override
    public int hashCode() {
        return 0;
    }
}
