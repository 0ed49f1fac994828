package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.util.Float16Utils;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A libtorch tensor as a DJL array. It belongs to a manager, and its memory goes when the array or the manager is closed; views
 * (slices, transposes, reshapes) share memory, which goes with the last of them. Using a closed array raises
 * {@link IllegalStateException}. An array of strings has no tensor.
 */
public final class LtNDArray implements NDArray {
    private static final AtomicLong COUNTER = new AtomicLong();
    private static final AtomicLong LIVE = new AtomicLong();

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

    // Building blocks: one native call each.

    private LtNDArray op(String operation, Supplier<Tensor> body, @Nullable Object... operands) {
        return NativeCall.array(manager, operation, body, operands);
    }

    LtNDArray unary(String operation, Function<Tensor, Tensor> body) {
        return NativeCall.array(manager, operation, () -> body.apply(tensor()), this);
    }

    LtNDArray binary(String operation, NDArray other, BiFunction<Tensor, Tensor, Tensor> body) {
        return NativeCall.array(manager, operation, () -> body.apply(tensor(), operand(other)), this, other);
    }

    LtNDArray scalar(String operation, Number number, BiFunction<Tensor, Scalar, Tensor> body) {
        return NativeCall.array(manager, operation, () -> body.apply(tensor(), LtTypes.scalar(number)), this, number);
    }

    /** As {@link #scalar}, with the result type that DJL gives a number: an array of the number's own type and no dimensions. */
    private LtNDArray arithmetic(String operation, Number number, BiFunction<Tensor, Scalar, Tensor> body) {
        return NativeCall.array(
                manager,
                operation,
                () -> body.apply(LtTypes.widened(tensor(), number), LtTypes.scalar(number)),
                this,
                number);
    }

    LtNDArray inPlace(String operation, Runnable body, @Nullable Object... operands) {
        NativeCall.run(operation, body, operands);
        return this;
    }

    private LtNDArray binaryInPlace(String operation, NDArray other, BiConsumer<Tensor, Tensor> body) {
        return inPlace(operation, () -> body.accept(tensor(), operand(other)), this, other);
    }

    private LtNDArray scalarInPlace(String operation, Number number, BiConsumer<Tensor, Scalar> body) {
        return inPlace(operation, () -> body.accept(tensor(), LtTypes.scalar(number)), this, number);
    }

    private Tensor operand(NDArray other) {
        return other instanceof LtNDArray lt
                ? lt.tensor()
                : tensor(java.util.Objects.requireNonNull(manager.from(other)));
    }

    private Tensor index(NDArray index) {
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
                        list.add(new LtNDArray(manager, new Tensor(results.get(i))));
                    }
                    return list;
                },
                operands);
    }

    /** Means, norms and the like are taken in float32 for integers. */
    private Tensor floating() {
        Tensor plain = tensor();
        return plain.is_floating_point() || plain.is_complex() ? plain : plain.to(ScalarType.Float);
    }

    private int axis(String operation, int axis) {
        int rank = getShape().dimension();
        if (axis < -Math.max(rank, 1) || axis >= Math.max(rank, 1)) {
            throw new IllegalArgumentException(
                    operation + ": axis " + axis + " is out of range for shape " + getShape());
        }
        return axis < 0 ? axis + rank : axis;
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
        Tensor live;
        synchronized (this) {
            live = tensor;
            tensor = null;
            strings = null;
        }
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
                () -> tensor().to(
                                LtTypes.torchDevice(device),
                                tensor().scalar_type(),
                                false,
                                copy,
                                new org.bytedeco.pytorch.MemoryFormatOptional()),
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
        LtNDArray result = op(
                "toType",
                () -> tensor().to(target, false, copy, new org.bytedeco.pytorch.MemoryFormatOptional()),
                this,
                dataType);
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
        return NDArray.super.toArray();
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
        LtNDArray copy = op("duplicate", () -> tensor().clone(new org.bytedeco.pytorch.MemoryFormatOptional()), this);
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

    // Comparison and arithmetic.

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

    @Override
    public LtNDArray eq(Number n) {
        return scalar("eq", n, (a, b) -> a.eq(b));
    }

    @Override
    public LtNDArray eq(NDArray other) {
        return binary("eq", other, (a, b) -> a.eq(b));
    }

    @Override
    public LtNDArray neq(Number n) {
        return scalar("neq", n, (a, b) -> a.ne(b));
    }

    @Override
    public LtNDArray neq(NDArray other) {
        return binary("neq", other, (a, b) -> a.ne(b));
    }

    @Override
    public LtNDArray gt(Number n) {
        return scalar("gt", n, (a, b) -> a.gt(b));
    }

    @Override
    public LtNDArray gt(NDArray other) {
        return binary("gt", other, (a, b) -> a.gt(b));
    }

    @Override
    public LtNDArray gte(Number n) {
        return scalar("gte", n, (a, b) -> a.ge(b));
    }

    @Override
    public LtNDArray gte(NDArray other) {
        return binary("gte", other, (a, b) -> a.ge(b));
    }

    @Override
    public LtNDArray lt(Number n) {
        return scalar("lt", n, (a, b) -> a.lt(b));
    }

    @Override
    public LtNDArray lt(NDArray other) {
        return binary("lt", other, (a, b) -> a.lt(b));
    }

    @Override
    public LtNDArray lte(Number n) {
        return scalar("lte", n, (a, b) -> a.le(b));
    }

    @Override
    public LtNDArray lte(NDArray other) {
        return binary("lte", other, (a, b) -> a.le(b));
    }

    @Override
    public LtNDArray add(Number n) {
        return arithmetic("add", n, (a, b) -> a.add(b));
    }

    @Override
    public LtNDArray add(NDArray other) {
        return binary("add", other, (a, b) -> a.add(b));
    }

    @Override
    public LtNDArray addi(Number n) {
        return scalarInPlace("addi", n, (a, b) -> a.add_(b));
    }

    @Override
    public LtNDArray addi(NDArray other) {
        return binaryInPlace("addi", other, (a, b) -> a.add_(b));
    }

    @Override
    public LtNDArray sub(Number n) {
        return arithmetic("sub", n, (a, b) -> a.sub(b));
    }

    @Override
    public LtNDArray sub(NDArray other) {
        return binary("sub", other, (a, b) -> a.sub(b));
    }

    @Override
    public LtNDArray subi(Number n) {
        return scalarInPlace("subi", n, (a, b) -> a.sub_(b));
    }

    @Override
    public LtNDArray subi(NDArray other) {
        return binaryInPlace("subi", other, (a, b) -> a.sub_(b));
    }

    @Override
    public LtNDArray mul(Number n) {
        return arithmetic("mul", n, (a, b) -> a.mul(b));
    }

    @Override
    public LtNDArray mul(NDArray other) {
        return binary("mul", other, (a, b) -> a.mul(b));
    }

    @Override
    public LtNDArray muli(Number n) {
        return scalarInPlace("muli", n, (a, b) -> a.mul_(b));
    }

    @Override
    public LtNDArray muli(NDArray other) {
        return binaryInPlace("muli", other, (a, b) -> a.mul_(b));
    }

    @Override
    public LtNDArray div(Number n) {
        return arithmetic("div", n, (a, b) -> a.div(b));
    }

    @Override
    public LtNDArray div(NDArray other) {
        return binary("div", other, (a, b) -> a.div(b));
    }

    @Override
    public LtNDArray divi(Number n) {
        return scalarInPlace("divi", n, (a, b) -> a.div_(b));
    }

    @Override
    public LtNDArray divi(NDArray other) {
        return binaryInPlace("divi", other, (a, b) -> a.div_(b));
    }

    @Override
    public LtNDArray mod(Number n) {
        return arithmetic("mod", n, (a, b) -> a.remainder(b));
    }

    @Override
    public LtNDArray mod(NDArray other) {
        return binary("mod", other, (a, b) -> a.remainder(b));
    }

    @Override
    public LtNDArray modi(Number n) {
        return scalarInPlace("modi", n, (a, b) -> a.remainder_(b));
    }

    @Override
    public LtNDArray modi(NDArray other) {
        return binaryInPlace("modi", other, (a, b) -> a.remainder_(b));
    }

    @Override
    public LtNDArray pow(Number n) {
        return arithmetic("pow", n, (a, b) -> integerPower(a, n) ? a.pow(wrapped(a, b)) : a.pow(b));
    }

    @Override
    public LtNDArray pow(NDArray other) {
        return binary("pow", other, (a, b) -> a.pow(b));
    }

    @Override
    public LtNDArray powi(Number n) {
        return scalarInPlace("powi", n, (a, b) -> {
            if (integerPower(a, n)) {
                a.pow_(wrapped(a, b));
            } else {
                a.pow_(b);
            }
        });
    }

    /** Negative powers of integers are truncated by the kernel for arrays and refused by the one for numbers. */
    private static boolean integerPower(Tensor base, Number exponent) {
        return exponent.longValue() < 0 && !base.is_floating_point() && !base.is_complex();
    }

    @Override
    public LtNDArray powi(NDArray other) {
        return binaryInPlace("powi", other, (a, b) -> a.pow_(b));
    }

    @Override
    public LtNDArray neg() {
        return unary("neg", t -> t.neg());
    }

    @Override
    public LtNDArray abs() {
        return unary("abs", t -> t.abs());
    }

    @Override
    public LtNDArray square() {
        return unary("square", t -> t.square());
    }

    @Override
    public LtNDArray sqrt() {
        return unary("sqrt", t -> t.sqrt());
    }

    @Override
    public LtNDArray floor() {
        return unary("floor", t -> t.floor());
    }

    @Override
    public LtNDArray ceil() {
        return unary("ceil", t -> t.ceil());
    }

    @Override
    public LtNDArray round() {
        return unary("round", t -> t.round());
    }

    @Override
    public LtNDArray trunc() {
        return unary("trunc", t -> t.trunc());
    }

    @Override
    public LtNDArray exp() {
        return unary("exp", t -> t.exp());
    }

    @Override
    public LtNDArray gammaln() {
        return unary("gammaln", t -> t.lgamma());
    }

    @Override
    public LtNDArray log() {
        return unary("log", t -> t.log());
    }

    @Override
    public LtNDArray log10() {
        return unary("log10", t -> t.log10());
    }

    @Override
    public LtNDArray log2() {
        return unary("log2", t -> t.log2());
    }

    @Override
    public LtNDArray sin() {
        return unary("sin", t -> t.sin());
    }

    @Override
    public LtNDArray cos() {
        return unary("cos", t -> t.cos());
    }

    @Override
    public LtNDArray tan() {
        return unary("tan", t -> t.tan());
    }

    @Override
    public LtNDArray asin() {
        return unary("asin", t -> t.asin());
    }

    @Override
    public LtNDArray acos() {
        return unary("acos", t -> t.acos());
    }

    @Override
    public LtNDArray atan() {
        return unary("atan", t -> t.atan());
    }

    @Override
    public LtNDArray sinh() {
        return unary("sinh", t -> t.sinh());
    }

    @Override
    public LtNDArray cosh() {
        return unary("cosh", t -> t.cosh());
    }

    @Override
    public LtNDArray tanh() {
        return unary("tanh", t -> t.tanh());
    }

    @Override
    public LtNDArray asinh() {
        return unary("asinh", t -> t.asinh());
    }

    @Override
    public LtNDArray acosh() {
        return unary("acosh", t -> t.acosh());
    }

    @Override
    public LtNDArray atanh() {
        return unary("atanh", t -> t.atanh());
    }

    @Override
    public LtNDArray sign() {
        return unary("sign", t -> t.sign());
    }

    @Override
    public LtNDArray erf() {
        return unary("erf", t -> t.erf());
    }

    @Override
    public LtNDArray erfinv() {
        return unary("erfinv", t -> t.erfinv());
    }

    @Override
    public LtNDArray logicalNot() {
        return unary("logicalNot", t -> t.logical_not());
    }

    @Override
    public LtNDArray isNaN() {
        return unary("isNaN", t -> t.isnan());
    }

    @Override
    public LtNDArray isInfinite() {
        return unary("isInfinite", t -> t.isinf());
    }

    @Override
    public LtNDArray inverse() {
        return unary("inverse", t -> t.inverse());
    }

    @Override
    public LtNDArray conj() {
        return unary("conj", t -> t.conj());
    }

    @Override
    public LtNDArray negi() {
        return inPlace("negi", () -> tensor().neg_(), this);
    }

    @Override
    public LtNDArray signi() {
        return inPlace("signi", () -> tensor().sign_(), this);
    }

    @Override
    public LtNDArray xlogy(NDArray other) {
        if (isScalar() || other.isScalar()) {
            throw new IllegalArgumentException("scalar is not allowed for xlogy()");
        }
        return binary("xlogy", other, (a, b) -> a.xlogy(b));
    }

    @Override
    public LtNDArray maximum(Number n) {
        return arithmetic("maximum", n, (a, b) -> torch.maximum(a, wrapped(a, b)));
    }

    @Override
    public LtNDArray maximum(NDArray other) {
        return binary("maximum", other, (a, b) -> a.maximum(b));
    }

    @Override
    public LtNDArray minimum(Number n) {
        return arithmetic("minimum", n, (a, b) -> torch.minimum(a, wrapped(a, b)));
    }

    @Override
    public LtNDArray minimum(NDArray other) {
        return binary("minimum", other, (a, b) -> a.minimum(b));
    }

    /** A zero-dimensional tensor of the type that {@code like} and the number promote to. */
    private static Tensor wrapped(Tensor like, Scalar number) {
        return torch.full(
                new long[0], number, like.options().dtype(new ScalarTypeOptional(torch.result_type(like, number))));
    }

    @Override
    public LtNDArray cbrt() {
        return unary("cbrt", t -> {
            Tensor floats = t.is_floating_point() ? t : t.to(ScalarType.Double);
            return floats.sign().mul(floats.abs().pow(new Scalar(1.0 / 3)));
        });
    }

    @Override
    public LtNDArray atan2(NDArray other) {
        return binary("atan2", other, (a, b) -> a.atan2(b));
    }

    @Override
    public LtNDArray toDegrees() {
        return unary("toDegrees", t -> (t.is_floating_point() ? t : t.to(ScalarType.Double)).rad2deg());
    }

    @Override
    public LtNDArray toRadians() {
        return unary("toRadians", t -> (t.is_floating_point() ? t : t.to(ScalarType.Double)).deg2rad());
    }

    @Override
    public LtNDArray clip(Number min, Number max) {
        return op(
                "clip",
                () -> tensor().clamp(new ScalarOptional(LtTypes.scalar(min)), new ScalarOptional(LtTypes.scalar(max))),
                this,
                min,
                max);
    }

    // Reduction.

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
        return op("sum", () -> tensor().sum(LtTypes.longs(axes), keepDims, new ScalarTypeOptional()), this, axes);
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
                        result = result.prod(axis, keepDims, new ScalarTypeOptional());
                    }
                    return result;
                },
                this,
                axes);
    }

    /** Axes as non-negative numbers, last first, so that removing one leaves the others where they are. */
    private int[] descending(String operation, int[] axes) {
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

    @Override
    public LtNDArray mean() {
        return unary("mean", t -> floating().mean());
    }

    @Override
    public LtNDArray mean(int[] axes, boolean keepDims) {
        return op("mean", () -> floating().mean(LtTypes.longs(axes), keepDims, new ScalarTypeOptional()), this, axes);
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

    // Shape.

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
            return duplicate();
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
            return duplicate();
        }
        long[] all = new long[Math.max(getShape().dimension(), 1)];
        Arrays.fill(all, repeats);
        return repeat(all);
    }

    @Override
    public LtNDArray repeat(int axis, long repeats) {
        return op(
                "repeat",
                () -> tensor().repeat_interleave(repeats, new LongOptional(axis), new LongOptional()),
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
                        result = result.repeat_interleave(repeats[i], new LongOptional(i), new LongOptional());
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
        return op("diff", () -> tensor().diff(n, dim, new TensorOptional(), new TensorOptional()), this, n, dim);
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

    // Order.

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
        return op("softmax", () -> floating().softmax(axis, new ScalarTypeOptional()), this, axis);
    }

    @Override
    public LtNDArray logSoftmax(int axis) {
        return op("logSoftmax", () -> floating().log_softmax(axis, new ScalarTypeOptional()), this, axis);
    }

    @Override
    public LtNDArray nonzero() {
        return unary("nonzero", t -> (t.dim() == 0 ? t.reshape(1) : t).nonzero());
    }

    // Logic.

    @Override
    public LtNDArray logicalAnd(NDArray other) {
        return binary("logicalAnd", other, (a, b) -> a.logical_and(b));
    }

    @Override
    public LtNDArray logicalOr(NDArray other) {
        return binary("logicalOr", other, (a, b) -> a.logical_or(b));
    }

    @Override
    public LtNDArray logicalXor(NDArray other) {
        return binary("logicalXor", other, (a, b) -> a.logical_xor(b));
    }

    // Linear algebra.

    @Override
    public LtNDArray dot(NDArray other) {
        int rank = getShape().dimension();
        int otherRank = other.getShape().dimension();
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
        if (isScalar() || other.isScalar()) {
            throw new IllegalArgumentException("scalar is not allowed for matMul()");
        }
        return binary("matMul", other, (a, b) -> a.matmul(b));
    }

    @Override
    public LtNDArray batchMatMul(NDArray other) {
        if (isScalar() || other.isScalar()) {
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

    // Fourier transforms and complex numbers.

    @Override
    public LtNDArray fft(long length, long axis) {
        return op(
                "fft",
                () -> torch.fft_fft(tensor(), new LongOptional(length), axis, new StringViewOptional()),
                this,
                length,
                axis);
    }

    @Override
    public LtNDArray ifft(long length, long axis) {
        return op(
                "ifft",
                () -> torch.fft_ifft(tensor(), new LongOptional(length), axis, new StringViewOptional()),
                this,
                length,
                axis);
    }

    @Override
    public LtNDArray rfft(long length, long axis) {
        return op(
                "rfft",
                () -> torch.fft_rfft(tensor(), new LongOptional(length), axis, new StringViewOptional()),
                this,
                length,
                axis);
    }

    @Override
    public LtNDArray irfft(long length, long axis) {
        return op(
                "irfft",
                () -> torch.fft_irfft(tensor(), new LongOptional(length), axis, new StringViewOptional()),
                this,
                length,
                axis);
    }

    @Override
    public LtNDArray fft2(long[] sizes, long[] axes) {
        return op("fft2", () -> torch.fft_fft2(tensor(), sizes, axes, new StringViewOptional()), this, sizes, axes);
    }

    @Override
    public LtNDArray ifft2(long[] sizes, long[] axes) {
        return op("ifft2", () -> torch.fft_ifft2(tensor(), sizes, axes, new StringViewOptional()), this, sizes, axes);
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
                                    new BoolOptional());
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

    // Sparse.

    @Override
    public LtNDArray toDense() {
        return unary(
                "toDense",
                t -> t.is_sparse() || t.is_sparse_csr()
                        ? t.to_dense()
                        : t.clone(new org.bytedeco.pytorch.MemoryFormatOptional()));
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
