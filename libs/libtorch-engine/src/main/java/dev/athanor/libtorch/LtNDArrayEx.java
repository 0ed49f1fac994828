package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDArrayIndexer;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.recurrent.RNN;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** The functions that DJL's blocks, optimizers and image helpers call. */
final class LtNDArrayEx implements NDArrayEx {
    private final LtNDArray array;

    LtNDArrayEx(LtNDArray array) {
        this.array = array;
    }

    @Override
    public LtNDArray getArray() {
        return array;
    }

    private LtNDArray op(String operation, Supplier<Tensor> body, @Nullable Object... operands) {
        return NativeCall.array(array.getManager(), operation, body, operands);
    }

    private Tensor self() {
        return array.tensor();
    }

    // Reversed arithmetic in place: other OP this, written into this.

    @Override
    public NDArray rdivi(NDArray b) {
        return array.inPlace("rdivi", () -> self().copy_(LtNDArray.tensor(b).div(self())), b, array);
    }

    @Override
    public NDArray rmodi(NDArray b) {
        return array.inPlace("rmodi", () -> self().copy_(LtNDArray.tensor(b).remainder(self())), b, array);
    }

    @Override
    public NDArray rpowi(Number n) {
        return array.inPlace("rpowi", () -> self().copy_(torch.pow(LtTypes.scalar(n), self())), n, array);
    }

    // Activations.

    @Override
    public NDArray relu() {
        return array.unary("relu", t -> t.relu());
    }

    @Override
    public NDArray sigmoid() {
        return array.unary("sigmoid", t -> t.sigmoid());
    }

    @Override
    public NDArray tanh() {
        return array.unary("tanh", t -> t.tanh());
    }

    @Override
    public NDArray softPlus() {
        return array.unary("softPlus", t -> torch.softplus(t));
    }

    @Override
    public NDArray softSign() {
        return array.unary("softSign", t -> t.div(t.abs().add(new Scalar(1.0))));
    }

    @Override
    public NDArray leakyRelu(float alpha) {
        return array.unary("leakyRelu", t -> torch.leaky_relu(t, new Scalar(alpha)));
    }

    @Override
    public NDArray elu(float alpha) {
        return array.unary("elu", t -> torch.elu(t, new Scalar(alpha), new Scalar(1.0), new Scalar(1.0)));
    }

    @Override
    public NDArray selu() {
        return array.unary("selu", t -> torch.selu(t));
    }

    @Override
    public NDArray gelu() {
        return array.unary("gelu", t -> torch.gelu(t));
    }

    @Override
    public NDArray swish(float beta) {
        return array.unary(
                "swish",
                t -> beta == 1f && t.is_floating_point()
                        ? torch.silu(t)
                        : t.mul(t.mul(new Scalar(beta)).sigmoid()));
    }

    /** As in DJL's other engines the logarithm is to base 2: x tanh(log2(1 + e^x)). */
    @Override
    public NDArray mish() {
        return array.unary(
                "mish", t -> t.mul(t.exp().add(new Scalar(1.0)).log2().tanh()));
    }

    // Pooling.

    @Override
    public NDArray maxPool(Shape kernelShape, Shape stride, Shape padding, boolean ceilMode) {
        return op(
                "maxPool",
                () -> Pooling.max(self(), kernelShape, stride, padding, ceilMode),
                array,
                kernelShape,
                stride,
                padding);
    }

    @Override
    public NDArray globalMaxPool() {
        return op("globalMaxPool", () -> Pooling.spatial(self()).amax(new long[] {-1}, false), array);
    }

    @Override
    public NDArray avgPool(Shape kernelShape, Shape stride, Shape padding, boolean ceilMode, boolean countIncludePad) {
        return op(
                "avgPool",
                () -> Pooling.average(self(), kernelShape, stride, padding, ceilMode, countIncludePad),
                array,
                kernelShape,
                stride,
                padding);
    }

    @Override
    public NDArray globalAvgPool() {
        return op("globalAvgPool", () -> Pooling.spatial(self()).mean(-1), array);
    }

    @Override
    public NDArray lpPool(float normType, Shape kernelShape, Shape stride, Shape padding, boolean ceilMode) {
        return op(
                "lpPool",
                () -> Pooling.lp(self(), normType, kernelShape, stride, padding, ceilMode),
                array,
                kernelShape,
                stride,
                padding);
    }

    @Override
    public NDArray globalLpPool(float normType) {
        return op(
                "globalLpPool",
                () -> Pooling.spatial(self())
                        .abs()
                        .pow(new Scalar(normType))
                        .sum(-1)
                        .pow(new Scalar(1.0 / normType)),
                array);
    }

    // Optimizer updates.

    @Override
    public void adadeltaUpdate(
            NDList inputs,
            NDList weights,
            float weightDecay,
            float rescaleGrad,
            float clipGrad,
            float rho,
            float epsilon) {
        OptimizerUpdates.adadelta(inputs, weightDecay, rescaleGrad, clipGrad, rho, epsilon);
    }

    @Override
    public void adagradUpdate(
            NDList inputs,
            NDList weights,
            float learningRate,
            float weightDecay,
            float rescaleGrad,
            float clipGrad,
            float epsilon) {
        OptimizerUpdates.adagrad(inputs, learningRate, weightDecay, rescaleGrad, clipGrad, epsilon);
    }

    @Override
    public void adamUpdate(
            NDList inputs,
            NDList weights,
            float learningRate,
            float learningRateBiasCorrection,
            float weightDecay,
            float rescaleGrad,
            float clipGrad,
            float beta1,
            float beta2,
            float epsilon,
            boolean lazyUpdate,
            boolean adamw) {
        OptimizerUpdates.adam(
                inputs,
                learningRate,
                learningRateBiasCorrection,
                weightDecay,
                rescaleGrad,
                clipGrad,
                beta1,
                beta2,
                epsilon,
                adamw);
    }

    @Override
    public void nagUpdate(
            NDList inputs,
            NDList weights,
            float learningRate,
            float weightDecay,
            float rescaleGrad,
            float clipGrad,
            float momentum) {
        OptimizerUpdates.nag(inputs, learningRate, weightDecay, rescaleGrad, clipGrad, momentum);
    }

    @Override
    public void rmspropUpdate(
            NDList inputs,
            NDList weights,
            float learningRate,
            float weightDecay,
            float rescaleGrad,
            float clipGrad,
            float rho,
            float momentum,
            float epsilon,
            boolean centered) {
        OptimizerUpdates.rmsprop(
                inputs, learningRate, weightDecay, rescaleGrad, clipGrad, rho, momentum, epsilon, centered);
    }

    @Override
    public void sgdUpdate(
            NDList inputs,
            NDList weights,
            float learningRate,
            float weightDecay,
            float rescaleGrad,
            float clipGrad,
            float momentum,
            boolean lazyUpdate) {
        OptimizerUpdates.sgd(inputs, learningRate, weightDecay, rescaleGrad, clipGrad, momentum);
    }

    // Layers.

    @Override
    public NDList convolution(
            NDArray input,
            NDArray weight,
            @Nullable NDArray bias,
            Shape stride,
            Shape padding,
            Shape dilation,
            int groups) {
        return new NDList(op(
                "convolution",
                () -> torch.convolution(
                        LtNDArray.tensor(input),
                        LtNDArray.tensor(weight),
                        LtFunctions.optional(bias),
                        stride.getShape(),
                        padding.getShape(),
                        dilation.getShape(),
                        false,
                        new long[stride.dimension()],
                        groups),
                input,
                weight,
                bias));
    }

    @Override
    public NDList deconvolution(
            NDArray input,
            NDArray weight,
            @Nullable NDArray bias,
            Shape stride,
            Shape padding,
            Shape outPadding,
            Shape dilation,
            int groups) {
        return new NDList(op(
                "deconvolution",
                () -> torch.convolution(
                        LtNDArray.tensor(input),
                        inputsFirst(
                                LtNDArray.tensor(weight),
                                LtNDArray.tensor(input).size(1),
                                groups),
                        LtFunctions.optional(bias),
                        stride.getShape(),
                        padding.getShape(),
                        dilation.getShape(),
                        true,
                        outPadding.getShape(),
                        groups),
                input,
                weight,
                bias));
    }

    /** DJL's block makes [filters, inputs / groups, ...] where a transposed convolution takes [inputs, filters / groups, ...]. */
    private static Tensor inputsFirst(Tensor weight, long inputs, int groups) {
        if (weight.size(0) == inputs || weight.size(1) * groups != inputs) {
            return weight;
        }
        return weight.unflatten(0, new long[] {groups, weight.size(0) / groups})
                .transpose(1, 2)
                .flatten(0, 1);
    }

    @Override
    public NDList linear(NDArray input, NDArray weight, @Nullable NDArray bias) {
        return new NDList(op(
                "linear",
                () -> Float32Linear.apply(
                        LtNDArray.tensor(input),
                        LtNDArray.tensor(weight),
                        bias == null ? null : LtNDArray.tensor(bias)),
                input,
                weight,
                bias));
    }

    @Override
    public NDList embedding(NDArray input, NDArray weight, SparseFormat sparseFormat) {
        return new NDList(op(
                "embedding",
                () -> {
                    Tensor indices = LtNDArray.tensor(input);
                    boolean integral = indices.scalar_type().value == ScalarType.Long.value
                            || indices.scalar_type().value == ScalarType.Int.value;
                    return torch.embedding(
                            LtNDArray.tensor(weight),
                            integral ? indices : indices.to(ScalarType.Long),
                            -1,
                            false,
                            sparseFormat != SparseFormat.DENSE);
                },
                input,
                weight));
    }

    @Override
    public NDList prelu(NDArray input, NDArray alpha) {
        return new NDList(
                op("prelu", () -> torch.prelu(LtNDArray.tensor(input), LtNDArray.tensor(alpha)), input, alpha));
    }

    @Override
    public NDList dropout(NDArray input, float rate, boolean training) {
        return new NDList(op("dropout", () -> torch.dropout(LtNDArray.tensor(input), rate, training), input, rate));
    }

    @Override
    public NDList layerNorm(NDArray input, Shape normalizedShape, NDArray gamma, NDArray beta, float eps) {
        return new NDList(op(
                "layerNorm",
                () -> torch.layer_norm(
                        LtNDArray.tensor(input),
                        normalizedShape.getShape(),
                        LtFunctions.optional(gamma),
                        LtFunctions.optional(beta),
                        eps,
                        true),
                input,
                normalizedShape,
                gamma,
                beta));
    }

    /** {@code momentum} weighs the old running value, as DJL has it; libtorch's weighs the new one. */
    @Override
    public NDList batchNorm(
            NDArray input,
            NDArray runningMean,
            NDArray runningVar,
            @Nullable NDArray gamma,
            @Nullable NDArray beta,
            int axis,
            float momentum,
            float eps,
            boolean training) {
        return new NDList(op(
                "batchNorm",
                () -> {
                    int channel = axis == -1 ? 1 : axis;
                    Tensor normalized = torch.batch_norm(
                            LtNDArray.tensor(input).transpose(1, channel),
                            LtFunctions.optional(gamma),
                            LtFunctions.optional(beta),
                            new TensorOptional(LtNDArray.tensor(runningMean).detach()),
                            new TensorOptional(LtNDArray.tensor(runningVar).detach()),
                            training,
                            1 - momentum,
                            eps,
                            true);
                    return normalized.transpose(1, channel);
                },
                input,
                gamma,
                axis));
    }

    // Recurrent layers; parameters in libtorch's layout, which is DJL's.

    /**
     * In libtorch's order: weights and biases of a layer's direction together. DJL's blocks give the weights of both directions
     * before their biases.
     */
    private static TensorVector recurrent(NDList params, boolean hasBiases, boolean bidirectional) {
        boolean byKind = hasBiases
                && bidirectional
                && params.size() % 8 == 0
                && !params.isEmpty()
                && LtOperations.rank(params.get(2)) == 2;
        if (!byKind) {
            return vector(params);
        }
        TensorVector tensors = new TensorVector();
        for (int layer = 0; layer < params.size(); layer += 8) {
            for (int i : new int[] {0, 1, 4, 5, 2, 3, 6, 7}) {
                tensors.push_back(LtNDArray.tensor(params.get(layer + i)));
            }
        }
        return tensors;
    }

    @Override
    public NDList rnn(
            NDArray input,
            NDArray state,
            NDList params,
            boolean hasBiases,
            int numLayers,
            RNN.Activation activation,
            double dropRate,
            boolean training,
            boolean bidirectional,
            boolean batchFirst) {
        return array.list(
                "rnn",
                () -> {
                    Tensor x = LtNDArray.tensor(input);
                    Tensor h = LtNDArray.tensor(state);
                    TensorVector p = recurrent(params, hasBiases, bidirectional);
                    T_TensorTensor_T result = activation == RNN.Activation.RELU
                            ? torch.rnn_relu(
                                    x, h, p, hasBiases, numLayers, dropRate, training, bidirectional, batchFirst)
                            : torch.rnn_tanh(
                                    x, h, p, hasBiases, numLayers, dropRate, training, bidirectional, batchFirst);
                    return new TensorVector(result.get0(), result.get1());
                },
                input,
                state);
    }

    @Override
    public NDList gru(
            NDArray input,
            NDArray state,
            NDList params,
            boolean hasBiases,
            int numLayers,
            double dropRate,
            boolean training,
            boolean bidirectional,
            boolean batchFirst) {
        return array.list(
                "gru",
                () -> {
                    T_TensorTensor_T result = torch.gru(
                            LtNDArray.tensor(input),
                            LtNDArray.tensor(state),
                            recurrent(params, hasBiases, bidirectional),
                            hasBiases,
                            numLayers,
                            dropRate,
                            training,
                            bidirectional,
                            batchFirst);
                    return new TensorVector(result.get0(), result.get1());
                },
                input,
                state);
    }

    @Override
    public NDList lstm(
            NDArray input,
            NDList states,
            NDList params,
            boolean hasBiases,
            int numLayers,
            double dropRate,
            boolean training,
            boolean bidirectional,
            boolean batchFirst) {
        return array.list(
                "lstm",
                () -> {
                    var result = torch.lstm(
                            LtNDArray.tensor(input),
                            vector(states),
                            recurrent(params, hasBiases, bidirectional),
                            hasBiases,
                            numLayers,
                            dropRate,
                            training,
                            bidirectional,
                            batchFirst);
                    return new TensorVector(result.get0(), result.get1(), result.get2());
                },
                input);
    }

    static TensorVector vector(NDList list) {
        TensorVector tensors = new TensorVector();
        for (NDArray item : list) {
            tensors.push_back(LtNDArray.tensor(item));
        }
        return tensors;
    }

    // Images.

    /** {@code mode}: 0 nearest, 1 bilinear, 2 area, 3 bicubic, for [N, C, H, W]; 1 and 3 antialiased when they shrink. */
    @Override
    public NDArray interpolation(long[] size, int mode, boolean alignCorners) {
        return op("interpolation", () -> interpolate(self(), size, mode, alignCorners), array, size, mode);
    }

    private static Tensor interpolate(Tensor nchw, long[] size, int mode, boolean alignCorners) {
        return switch (mode) {
            case 0 -> torch.upsample_nearest2d(nchw, size, Absent.DOUBLE, Absent.DOUBLE);
            case 1 -> antialiased("aten::_upsample_bilinear2d_aa", nchw, size, alignCorners);
            case 2 -> torch.adaptive_avg_pool2d(nchw, size);
            case 3 -> antialiased("aten::_upsample_bicubic2d_aa", nchw, size, alignCorners);
            default -> throw new IllegalArgumentException("interpolation mode " + mode + ", expected 0 to 3");
        };
    }

    private static Tensor antialiased(String operator, Tensor nchw, long[] size, boolean alignCorners) {
        return Operators.find(operator)
                .call(
                        new IValue(nchw),
                        Operators.longs(size),
                        new IValue(alignCorners),
                        Operators.none(),
                        Operators.none())
                .get(0)
                .toTensor();
    }

    /** [H, W, C] or [N, H, W, C]. */
    @Override
    public NDArray resize(int width, int height, int interpolation) {
        if (array.isEmpty()) {
            throw new IllegalArgumentException("attempt to resize of an empty NDArray");
        }
        return op(
                "resize",
                () -> {
                    Tensor image = self().dim() == 3 ? self().unsqueeze(0) : self();
                    Tensor nchw = image.to(ScalarType.Float).permute(0, 3, 1, 2);
                    Tensor sized = interpolate(nchw, new long[] {height, width}, interpolation, false)
                            .permute(0, 2, 3, 1);
                    if (!self().is_floating_point()) {
                        sized = sized.round()
                                .clamp(
                                        new org.bytedeco.pytorch.ScalarOptional(new Scalar(0.0)),
                                        new org.bytedeco.pytorch.ScalarOptional(new Scalar(255.0)));
                    }
                    return (self().dim() == 3 ? sized.squeeze(0) : sized).to(self().scalar_type());
                },
                array,
                width,
                height);
    }

    @Override
    public NDArray randomFlipLeftRight() {
        return ImageJitter.randomFlip(array, -2);
    }

    @Override
    public NDArray randomFlipTopBottom() {
        return ImageJitter.randomFlip(array, -3);
    }

    @Override
    public NDArray randomBrightness(float brightness) {
        return ImageJitter.jitter(array, brightness, 0, 0, 0);
    }

    @Override
    public NDArray randomHue(float hue) {
        return ImageJitter.jitter(array, 0, 0, 0, hue);
    }

    @Override
    public NDArray randomColorJitter(float brightness, float contrast, float saturation, float hue) {
        return ImageJitter.jitter(array, brightness, contrast, saturation, hue);
    }

    // Joining and choosing.

    @Override
    public NDArrayIndexer getIndexer(NDManager manager) {
        return new LtIndexer((LtNDManager) manager);
    }

    @Override
    public NDArray where(NDArray condition, NDArray other) {
        return op(
                "where",
                () -> {
                    Tensor chosen = LtNDArray.tensor(condition).to(ScalarType.Bool);
                    return torch.where(rows(chosen, self()), self(), LtNDArray.tensor(other));
                },
                condition,
                array,
                other);
    }

    /** A vector of conditions that fits the first dimension and not the last chooses whole rows. */
    private static Tensor rows(Tensor condition, Tensor values) {
        if (condition.dim() != 1 || values.dim() < 2) {
            return condition;
        }
        long length = condition.size(0);
        if (length == 1 || length != values.size(0) || length == values.size(-1) || values.size(-1) == 1) {
            return condition;
        }
        long[] column = new long[(int) values.dim()];
        java.util.Arrays.fill(column, 1);
        column[0] = length;
        return condition.reshape(column);
    }

    @Override
    public NDArray stack(NDList arrays, int axis) {
        return op("stack", () -> torch.stack(joined(arrays), axis), operands(arrays));
    }

    @Override
    public NDArray concat(NDList arrays, int axis) {
        if (array.isScalar() || arrays.stream().anyMatch(NDArray::isScalar)) {
            throw new IllegalArgumentException("concat: arrays without dimensions cannot be concatenated; stack them");
        }
        return op("concat", () -> torch.cat(joined(arrays), axis), operands(arrays));
    }

    private TensorVector joined(NDList arrays) {
        TensorVector tensors = new TensorVector();
        tensors.push_back(self());
        for (NDArray other : arrays) {
            tensors.push_back(LtNDArray.tensor(
                    java.util.Objects.requireNonNull(array.getManager().from(other))));
        }
        return tensors;
    }

    private Object[] operands(NDList arrays) {
        Object[] all = new Object[arrays.size() + 1];
        all[0] = array;
        for (int i = 0; i < arrays.size(); i++) {
            all[i + 1] = arrays.get(i);
        }
        return all;
    }

    // Single-shot detection.

    @Override
    public NDList multiBoxTarget(
            NDList inputs,
            float iouThreshold,
            float ignoreLabel,
            float negativeMiningRatio,
            float negativeMiningThreshold,
            int minNegativeSamples) {
        return MultiBox.target(
                array.getManager(),
                inputs,
                iouThreshold,
                ignoreLabel,
                negativeMiningRatio,
                negativeMiningThreshold,
                minNegativeSamples);
    }

    @Override
    public NDList multiBoxPrior(
            List<Float> sizes, List<Float> ratios, List<Float> steps, List<Float> offsets, boolean clip) {
        return MultiBox.prior(array, sizes, ratios, steps, offsets, clip);
    }

    @Override
    public NDList multiBoxDetection(
            NDList inputs,
            boolean clip,
            float threshold,
            int backgroundId,
            float nmsThreshold,
            boolean forceSuppress,
            int nmsTopK) {
        return MultiBox.detection(
                array.getManager(), inputs, clip, threshold, backgroundId, nmsThreshold, forceSuppress, nmsTopK);
    }
}
