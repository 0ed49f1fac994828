package dev.athanor.libtorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.PairList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Creates arrays and frees them, deterministically, when it is closed. */
public class LtNDManager extends BaseNDManager {
    private static final LtNDManager SYSTEM = new SystemManager();

    private LtNDManager(@Nullable NDManager parent, @Nullable Device device) {
        super(parent, device);
    }

    /** The root of all managers, which is never closed; what is detached lives here. */
    static LtNDManager system() {
        return SYSTEM;
    }

    @Override
    public final Engine getEngine() {
        return LtEngine.instance();
    }

    @Override
    public LtNDManager newSubManager(@Nullable Device device) {
        LtNDManager manager = new LtNDManager(this, device == null ? this.device : device);
        attachUncappedInternal(manager.uid, manager);
        return manager;
    }

    /** As {@code attachInternal} for a new array, whose id no manager has seen: without DJL's look-ups and lock. */
    final void own(String id, LtNDArray array) {
        if (capped.get()) {
            throw new IllegalStateException("NDManager is capped for addition of resources.");
        }
        if (closed.get()) {
            throw new IllegalStateException("NDManager has been closed already.");
        }
        resources.put(id, array);
    }

    @Override
    public void detachInternal(String resourceId) {
        if (tempResources.isEmpty()) {
            if (!closed.get()) {
                resources.remove(resourceId);
            }
        } else {
            super.detachInternal(resourceId);
        }
    }

    @Override
    public ByteBuffer allocateDirect(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }

    @Override
    public @Nullable LtNDArray from(@Nullable NDArray array) {
        if (array == null || array instanceof LtNDArray) {
            return (LtNDArray) array;
        }
        LtNDArray copy = create(array.toByteBuffer(), array.getShape(), array.getDataType());
        copy.setName(array.getName());
        return copy;
    }

    private LtNDArray make(String operation, Shape shape, DataType dataType, Supplier<Tensor> body) {
        for (long size : shape.getShape()) {
            if (size < 0) {
                throw new IllegalArgumentException(operation + ": negative size in shape " + shape);
            }
        }
        return NativeCall.array(this, operation, body, shape, dataType, device);
    }

    private TensorOptions options(DataType dataType) {
        return LtTypes.options(dataType, device);
    }

    /** Uninitialized memory would make results depend on the past, so this is zeros, as DJL's default is. */
    @Override
    public LtNDArray create(Shape shape, DataType dataType) {
        return zeros(shape, dataType);
    }

    @Override
    public LtNDArray create(Buffer data, Shape shape, DataType dataType) {
        return make("create", shape, dataType, () -> {
            Tensor cpu = torch.empty(shape.getShape(), new TensorOptions(LtTypes.scalarType(dataType)), Absent.FORMAT);
            RawData.fill(cpu, dataType, shape, data);
            return device.isGpu() ? cpu.to(LtTypes.torchDevice(device), LtTypes.scalarType(dataType)) : cpu;
        });
    }

    @Override
    public LtNDArray create(String[] data, Charset charset, Shape shape) {
        if (shape.size() != data.length) {
            throw new IllegalArgumentException(data.length + " strings do not fill shape " + shape);
        }
        return new LtNDArray(this, data.clone(), shape);
    }

    @Override
    public LtNDArray createCoo(Buffer data, long[][] indices, Shape shape) {
        int count = indices.length == 0 ? 0 : indices[0].length;
        try (LtNDArray values = create(data, new Shape(count), DataType.fromBuffer(data));
                NDArray index = create(indices)) {
            return NativeCall.array(
                    this,
                    "createCoo",
                    () -> torch.sparse_coo_tensor(LtNDArray.tensor(index), values.tensor(), shape.getShape()),
                    index,
                    values,
                    shape);
        }
    }

    @Override
    public LtNDArray createCSR(Buffer data, long[] indptr, long[] indices, Shape shape) {
        try (LtNDArray values = create(data, new Shape(indices.length), DataType.fromBuffer(data));
                NDArray rows = create(indptr);
                NDArray columns = create(indices)) {
            return NativeCall.array(
                    this,
                    "createCSR",
                    () -> torch.sparse_csr_tensor(
                            LtNDArray.tensor(rows),
                            LtNDArray.tensor(columns),
                            values.tensor(),
                            shape.getShape(),
                            values.tensor()
                                    .options()
                                    .layout(new org.bytedeco.pytorch.LayoutOptional(torch.Layout.SparseCsr))),
                    rows,
                    columns,
                    values,
                    shape);
        }
    }

    /** Row-sparse arrays hold whole rows; libtorch's form of that is COO with one sparse dimension. */
    @Override
    public LtNDArray createRowSparse(Buffer data, Shape dataShape, long[] indices, Shape shape) {
        try (LtNDArray values = create(data, dataShape, DataType.fromBuffer(data));
                NDArray rows = create(indices, new Shape(1, indices.length))) {
            return NativeCall.array(
                    this,
                    "createRowSparse",
                    () -> torch.sparse_coo_tensor(LtNDArray.tensor(rows), values.tensor(), shape.getShape()),
                    rows,
                    values,
                    shape);
        }
    }

    @Override
    public LtNDArray zeros(Shape shape, DataType dataType) {
        return make("zeros", shape, dataType, () -> torch.zeros(shape.getShape(), options(dataType)));
    }

    @Override
    public LtNDArray ones(Shape shape, DataType dataType) {
        return make("ones", shape, dataType, () -> torch.ones(shape.getShape(), options(dataType)));
    }

    @Override
    public LtNDArray full(Shape shape, float value, DataType dataType) {
        return make("full", shape, dataType, () -> torch.full(shape.getShape(), new Scalar(value), options(dataType)));
    }

    @Override
    public LtNDArray arange(int start, int stop, int step, DataType dataType) {
        return arange(
                new Scalar((long) start),
                new Scalar((long) stop),
                new Scalar((long) step),
                stop - (long) start,
                step,
                dataType);
    }

    @Override
    public LtNDArray arange(float start, float stop, float step, DataType dataType) {
        return arange(new Scalar(start), new Scalar(stop), new Scalar(step), stop - start, step, dataType);
    }

    private LtNDArray arange(Scalar start, Scalar stop, Scalar step, double span, double stride, DataType dataType) {
        try (start;
                stop;
                step) {
            if (span == 0 || stride != 0 && Math.signum(span) != Math.signum(stride)) {
                return zeros(new Shape(0), dataType);
            }
            return NativeCall.array(
                    this, "arange", () -> torch.arange(start, stop, step, options(dataType)), span, stride, dataType);
        }
    }

    @Override
    public LtNDArray eye(int rows, int cols, int k, DataType dataType) {
        return make("eye", new Shape(rows, cols), dataType, () -> {
            if (k == 0) {
                return torch.eye(rows, cols, options(dataType));
            }
            Tensor result = torch.zeros(new long[] {rows, cols}, options(dataType));
            result.diagonal(k, 0, 1).fill_(new Scalar(1));
            return result;
        });
    }

    @Override
    public LtNDArray linspace(float start, float stop, int num, boolean endpoint) {
        if (num < 0) {
            throw new IllegalArgumentException("linspace: num is " + num + ", expected at least 0");
        }
        float last = endpoint || num == 0 ? stop : start + (stop - start) / num * (num - 1);
        return make(
                "linspace",
                new Shape(num),
                DataType.FLOAT32,
                () -> torch.linspace(new Scalar(start), new Scalar(last), num, options(DataType.FLOAT32)));
    }

    @Override
    public LtNDArray randomInteger(long low, long high, Shape shape, DataType dataType) {
        return make(
                "randomInteger", shape, dataType, () -> torch.randint(low, high, shape.getShape(), options(dataType)));
    }

    @Override
    public LtNDArray randomPermutation(long n) {
        return make(
                "randomPermutation", new Shape(n), DataType.INT64, () -> torch.randperm(n, options(DataType.INT64)));
    }

    @Override
    public LtNDArray randomUniform(float low, float high, Shape shape, DataType dataType) {
        return make(
                "randomUniform",
                shape,
                dataType,
                () -> torch.empty(shape.getShape(), options(dataType), Absent.FORMAT)
                        .uniform_(low, high, Absent.GENERATOR));
    }

    @Override
    public LtNDArray randomNormal(float loc, float scale, Shape shape, DataType dataType) {
        return make(
                "randomNormal",
                shape,
                dataType,
                () -> torch.empty(shape.getShape(), options(dataType), Absent.FORMAT)
                        .normal_(loc, scale, Absent.GENERATOR));
    }

    /** Normal values beyond two standard deviations are drawn again, by inversion of the distribution function. */
    @Override
    public LtNDArray truncatedNormal(float loc, float scale, Shape shape, DataType dataType) {
        double bound = 0.9544997361036416; // erf(2 / sqrt 2): the mass within two deviations
        return make(
                "truncatedNormal",
                shape,
                dataType,
                () -> torch.empty(shape.getShape(), options(DataType.FLOAT64), Absent.FORMAT)
                        .uniform_(-bound, bound, Absent.GENERATOR)
                        .erfinv_()
                        .mul_(new Scalar(scale * Math.sqrt(2)))
                        .add_(new Scalar(loc))
                        .clamp_(
                                new org.bytedeco.pytorch.ScalarOptional(new Scalar(loc - 2.0 * scale)),
                                new org.bytedeco.pytorch.ScalarOptional(new Scalar(loc + 2.0 * scale)))
                        .to(LtTypes.scalarType(dataType)));
    }

    @Override
    public LtNDArray randomMultinomial(int n, NDArray pValues) {
        return randomMultinomial(n, pValues, new Shape());
    }

    /** Counts per outcome of {@code n} draws, as numpy's multinomial: shape + shape of {@code pValues}. */
    @Override
    public LtNDArray randomMultinomial(int n, NDArray pValues, Shape shape) {
        return NativeCall.array(
                this,
                "randomMultinomial",
                () -> {
                    Tensor p = LtNDArray.tensor(pValues);
                    long outcomes = p.size(-1);
                    long rows = shape.size();
                    Tensor draws = torch.multinomial(
                            p.expand(rows, outcomes).contiguous(), Math.max(n, 1), true, Absent.GENERATOR);
                    Tensor counts = torch.zeros(new long[] {rows, outcomes}, draws.options());
                    if (n > 0) {
                        counts.scatter_add_(1, draws, torch.ones_like(draws));
                    }
                    return counts.view(shape.add(outcomes).getShape());
                },
                pValues,
                shape);
    }

    @Override
    public LtNDArray sampleNormal(NDArray mu, NDArray sigma) {
        return sampleNormal(mu, sigma, new Shape());
    }

    @Override
    public LtNDArray sampleNormal(NDArray mu, NDArray sigma, Shape shape) {
        return NativeCall.array(
                this,
                "sampleNormal",
                () -> torch.normal(
                                spread(LtNDArray.tensor(mu), shape),
                                spread(LtNDArray.tensor(sigma), shape),
                                Absent.GENERATOR)
                        .to(ScalarType.Float),
                mu,
                sigma,
                shape);
    }

    @Override
    public LtNDArray samplePoisson(NDArray lam) {
        return samplePoisson(lam, new Shape());
    }

    @Override
    public LtNDArray samplePoisson(NDArray lam, Shape shape) {
        return NativeCall.array(
                this,
                "samplePoisson",
                () -> torch.poisson(spread(LtNDArray.tensor(lam), shape)).to(ScalarType.Float),
                lam,
                shape);
    }

    @Override
    public LtNDArray sampleGamma(NDArray alpha, NDArray beta) {
        return sampleGamma(alpha, beta, new Shape());
    }

    /** {@code alpha} is the shape and {@code beta} the scale of the distribution, as DJL has it. */
    @Override
    public LtNDArray sampleGamma(NDArray alpha, NDArray beta, Shape shape) {
        return NativeCall.array(
                this,
                "sampleGamma",
                () -> Operators.find("aten::_standard_gamma")
                        .call(new IValue(spread(LtNDArray.tensor(alpha), shape)), Operators.none())
                        .get(0)
                        .toTensor()
                        .mul(spread(LtNDArray.tensor(beta), shape))
                        .to(ScalarType.Float),
                alpha,
                beta,
                shape);
    }

    /**
     * Each parameter is drawn from {@code shape} times: its dimensions come first and the sample's after them. Whatever the type of
     * the parameters, samples are float32, as DJL's own engines give them.
     */
    private static Tensor spread(Tensor parameter, Shape shape) {
        Tensor view = parameter.is_floating_point() ? parameter : parameter.to(ScalarType.Float);
        for (int i = 0; i < shape.dimension(); i++) {
            view = view.unsqueeze(-1);
        }
        return view.expand(LtTypes.shape(parameter).addAll(shape).getShape()).contiguous();
    }

    @Override
    public LtNDArray hanningWindow(long numPoints) {
        return make(
                "hanningWindow",
                new Shape(numPoints),
                DataType.FLOAT32,
                () -> torch.hann_window(numPoints, true, options(DataType.FLOAT32)));
    }

    /** Reads an NDList in any of DJL's encodings: its own, NPZ or safetensors. */
    @Override
    public NDList load(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return NDList.decode(this, in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    /** Runs any operator of libtorch by its schema name, for instance {@code aten::relu_}; results go into {@code dest}. */
    @Override
    public void invoke(String operation, NDArray[] src, NDArray[] dest, PairList<String, ?> params) {
        NDList result = invoke(operation, new NDList(src), params);
        if (result.size() != dest.length) {
            throw new IllegalArgumentException(
                    operation + " has " + result.size() + " results, but " + dest.length + " destinations were given");
        }
        for (int i = 0; i < dest.length; i++) {
            dest[i].intern(result.get(i));
        }
    }

    /** Runs any operator of libtorch by its schema name: tensors first, then {@code params} by name, the rest by default. */
    @Override
    public NDList invoke(String operation, NDList src, @Nullable PairList<String, ?> params) {
        return Operators.invoke(this, operation, src, params);
    }

    private static final class SystemManager extends LtNDManager implements SystemNDManager {
        SystemManager() {
            super(null, null);
        }
    }
}
