package dev.athanor.lm.inspect;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedCrossEntropy;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.SampleOrder;
import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.Heads;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Transformer;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compares gradients by automatic differentiation with central finite differences, in float64 on the CPU, for a configuration of a
 * small size.
 */
public final class GradientCheck {

    private static final double STEP = 1e-4;
    private static final int LENGTH = 7;

    private GradientCheck() {}

    /**
     * One coordinate of one parameter.
     *
     * @param error of the two derivatives, relative to the larger one or 1e-3
     */
    public record Coordinate(String parameter, long index, double automatic, double numeric, double error) {

        static Coordinate of(String parameter, long index, double automatic, double numeric) {
            double size = Math.max(1e-3, Math.max(Math.abs(automatic), Math.abs(numeric)));
            return new Coordinate(parameter, index, automatic, numeric, Math.abs(automatic - numeric) / size);
        }
    }

    /**
     * A check of a configuration's options.
     *
     * @param checked the small configuration, in words
     * @param passed whether the worst error is within the tolerance
     */
    public record Report(String checked, double tolerance, boolean passed, double worst, List<Coordinate> coordinates) {
        public Report {
            coordinates = List.copyOf(coordinates);
        }
    }

    /**
     * How the pass with gradients is made.
     *
     * @param documents whether each sequence is two documents, which do not see each other
     * @param recompute whether activations are computed again in the backward pass
     */
    public record Way(boolean documents, boolean recompute) {

        public static final Way PLAIN = new Way(false, false);
    }

    /** Largest error of a right implementation; what is above it is a fault, or a step across the bend of a ReLU. */
    public static final double TOLERANCE = 1e-4;

    /**
     * The same options at a size that takes a moment: narrow, few layers, a small vocabulary. What an option depends on stays: each
     * kind of layer is there, queries share keys as before, positions are scaled alike.
     */
    public static ModelConfig small(ModelConfig config) {
        int shared = config.heads() / config.keyValueHeads();
        int keyValueHeads = config.keyValueHeads() == 1 ? 1 : 2;
        int heads = Math.min(config.heads(), keyValueHeads * Math.min(shared, 2));
        boolean sharing = config.distinctLayers() < config.layers();
        int layers = Math.min(
                config.layers(), Math.min(4, Math.max(2, config.attention().size())));
        Experts experts = config.experts();
        return config.toBuilder()
                .vocabularySize(Math.min(config.vocabularySize(), 13))
                .context(Math.min(config.context(), 16))
                .layers(layers)
                .distinctLayers(sharing ? Math.min(config.distinctLayers(), Math.max(1, layers - 1)) : layers)
                .attention(config.attention()
                        .subList(0, Math.min(config.attention().size(), layers)))
                .heads(heads)
                .keyValueHeads(Math.min(keyValueHeads, heads))
                .width(heads * 8)
                .feedForwardWidth(16)
                .experts(
                        experts == null
                                ? null
                                : new Experts(
                                        Math.min(experts.count(), 4),
                                        Math.min(experts.perToken(), Math.min(experts.count(), 4)),
                                        experts.capacityFactor(),
                                        experts.balanceWeight(),
                                        experts.routerZWeight()))
                .relativeSpan(Math.min(config.relativeSpan(), 8))
                .dropout(0)
                .build();
    }

    /**
     * Checks the options of a configuration of any size at a {@link #small} one.
     *
     * @param perParameter coordinates of each parameter
     * @param seed of the weights, inputs and coordinates
     */
    public static Report report(ModelConfig config, int perParameter, long seed) {
        return report(config, Way.PLAIN, perParameter, seed);
    }

    /** The same, of a pass made in another way. */
    public static Report report(ModelConfig config, Way way, int perParameter, long seed) {
        ModelConfig small = small(config);
        List<Coordinate> coordinates = of(small, way, perParameter, Math.min(LENGTH, small.context()), seed);
        double worst = coordinates.stream().mapToDouble(Coordinate::error).max().orElse(0);
        String checked = small + (way.equals(Way.PLAIN) ? "" : ", " + way);
        return new Report(checked, TOLERANCE, worst <= TOLERANCE, worst, coordinates);
    }

    /**
     * Checks coordinates of every parameter.
     *
     * @param config a small model; dropout is left out
     * @param perParameter coordinates of each parameter
     * @param length tokens of the two sequences of the loss
     * @return every coordinate checked; errors of a right implementation are below about 1e-5
     */
    public static List<Coordinate> of(ModelConfig config, int perParameter, int length, long seed) {
        return of(config, Way.PLAIN, perParameter, length, seed);
    }

    private static List<Coordinate> of(ModelConfig config, Way way, int perParameter, int length, long seed) {
        ModelConfig plain = config.toBuilder().dropout(0).build();
        try (NDManager manager = Devices.newManager(Device.cpu());
                LanguageModel model = LanguageModel.create(plain, seed, Device.cpu())) {
            var weights = new LinkedHashMap<String, NDArray>();
            model.parameters().forEach((name, array) -> {
                NDArray wide = array.toType(DataType.FLOAT64, true);
                wide.attach(manager);
                scramble(wide, seed + name.hashCode());
                wide.setRequiresGradient(true);
                weights.put(name, wide);
            });
            var loss = new Loss(new Transformer(plain, weights), plain, way, length, seed);
            loss.backward();
            List<Coordinate> checked = new ArrayList<>();
            weights.forEach((name, weight) -> {
                double[] gradient = weight.getGradient().toDoubleArray();
                for (int i = 0; i < perParameter; i++) {
                    long index = Long.remainderUnsigned(SampleOrder.mix(seed + i + name.hashCode()), weight.size());
                    checked.add(Coordinate.of(name, index, gradient[(int) index], numeric(loss, weight, index)));
                }
            });
            return checked;
        }
    }

    /** Moves values off their initial ones, so that biases and norms matter too. */
    private static void scramble(NDArray array, long key) {
        RawData.write(array, values -> {
            for (long i = 0; i < array.size(); i++) {
                double noise = (SampleOrder.mix(key + i) >> 11) * 0x1p-53;
                values.setAtIndex(
                        ValueLayout.JAVA_DOUBLE, i, values.getAtIndex(ValueLayout.JAVA_DOUBLE, i) + 0.4 * noise);
            }
        });
    }

    private static double numeric(Loss loss, NDArray weight, long index) {
        double before = shifted(weight, index, STEP);
        double up = loss.value();
        shifted(weight, index, -2 * STEP);
        double down = loss.value();
        RawData.write(weight, values -> values.setAtIndex(ValueLayout.JAVA_DOUBLE, index, before));
        return (up - down) / (2 * STEP);
    }

    private static double shifted(NDArray weight, long index, double by) {
        var before = new double[1];
        RawData.write(weight, values -> {
            before[0] = values.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
            values.setAtIndex(ValueLayout.JAVA_DOUBLE, index, before[0] + by);
        });
        return before[0];
    }

    /** Cross-entropy of random targets for random inputs, of both heads where there are two, and what experts add. */
    private record Loss(Transformer transformer, ModelConfig config, Way way, int length, long seed) {

        void backward() {
            try (NDManager scope = Devices.newManager(Device.cpu());
                    Autograd.Scope recording = Autograd.record()) {
                Transformer.Output output = transformer.forward(input(scope, way.recompute));
                if (output.auxiliaryLoss() != null) {
                    Autograd.backwardRetainingGraph(
                            output.auxiliaryLoss(), output.auxiliaryLoss().onesLike());
                }
                if (config.nextSentenceHead()) {
                    NDArray loss = nextSentence(scope, output);
                    Autograd.backwardRetainingGraph(loss, loss.onesLike());
                }
                Heads heads = transformer.heads();
                new FusedCrossEntropy()
                        .backward(
                                heads.features(output.hidden_BTC()),
                                heads.output_VC(),
                                heads.outputBias_V(),
                                ids(scope, 1));
            }
        }

        double value() {
            try (NDManager scope = Devices.newManager(Device.cpu());
                    Autograd.Scope noGrad = Autograd.noGrad()) {
                Transformer.Output output = transformer.forward(input(scope, false));
                NDArray logProbabilities =
                        transformer.heads().logits(output.hidden_BTC()).logSoftmax(-1);
                double loss = -logProbabilities
                        .gather(ids(scope, 1).expandDims(2), 2)
                        .mean()
                        .toDoubleArray()[0];
                if (config.nextSentenceHead()) {
                    loss += nextSentence(scope, output).toDoubleArray()[0];
                }
                return output.auxiliaryLoss() == null
                        ? loss
                        : loss
                                + output.auxiliaryLoss()
                                        .toType(DataType.FLOAT64, false)
                                        .toDoubleArray()[0];
            }
        }

        /** Of a sequence that follows and one that does not. */
        private NDArray nextSentence(NDManager scope, Transformer.Output output) {
            NDArray classes_B1 = scope.create(new long[] {0, 1}, new Shape(2, 1));
            NDArray logProbabilities_B2 =
                    transformer.heads().nextSentence(output.hidden_BTC()).logSoftmax(-1);
            return logProbabilities_B2.gather(classes_B1, 1).mean().neg();
        }

        private Transformer.Input input(NDManager scope, boolean recompute) {
            // Both halves of a sequence: two documents, and two segments.
            int[] half_BT = IntStream.range(0, 2 * length)
                    .map(i -> i % length < length / 2 ? 0 : 1)
                    .toArray();
            NDArray segments_BT = config.segments() < 2
                    ? null
                    : scope.create(Arrays.stream(half_BT).asLongStream().toArray(), new Shape(2, length));
            int[] documents_BT = way.documents ? half_BT : null;
            return new Transformer.Input(ids(scope, 0), null, segments_BT, documents_BT, true, recompute, null);
        }

        private NDArray ids(NDManager scope, int stream) {
            var ids = new long[2 * length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = Long.remainderUnsigned(
                        SampleOrder.mix(seed * 31 + stream * 1000L + i), config.vocabularySize());
            }
            return scope.create(ids, new Shape(2, length));
        }
    }
}
