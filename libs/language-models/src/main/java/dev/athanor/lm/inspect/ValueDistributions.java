package dev.athanor.lm.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.lm.Devices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the values of activations and parameters are distributed, and those of their gradients.
 *
 * @param loss mean cross-entropy of the predictions, in nats, that the gradients are of
 * @param activations by layer, in the order of the forward pass
 * @param parameters in the model's order
 */
public record ValueDistributions(double loss, List<Place> activations, List<Place> parameters) {

    /** Values of one kind in a model, and the gradients of the loss by them. */
    public record Place(String name, Distribution values, Distribution gradients) {}

    /**
     * A sequence and what is to be predicted of it.
     *
     * @param targets one class a prediction of the model, or {@link #NONE}
     */
    public record Example(int[] ids, int[] targets) {
        /** Nothing is to be predicted here. */
        public static final int NONE = -100;

        /** Each token from those before it. */
        public static Example nextTokens(int[] ids) {
            int[] targets = new int[ids.length];
            System.arraycopy(ids, 1, targets, 0, ids.length - 1);
            targets[ids.length - 1] = NONE;
            return new Example(ids, targets);
        }
    }

    public ValueDistributions {
        activations = List.copyOf(activations);
        parameters = List.copyOf(parameters);
    }

    /**
     * Distributions over a batch, without dropout. The model's parameters get gradients meanwhile: nobody else may use it.
     *
     * @param batch at least one example with at least one target
     */
    public static ValueDistributions of(Inspectable model, List<Example> batch) {
        long predictions =
                batch.stream().mapToLong(ValueDistributions::predictions).sum();
        if (predictions == 0) {
            throw new IllegalArgumentException(
                    "the batch has nothing to predict; expected a text of at least two tokens");
        }
        Map<String, NDArray> weights = model.weights();
        Autograd.clearGradients(weights.values());
        weights.values().forEach(weight -> weight.setRequiresGradient(true));
        try {
            var activations = new LinkedHashMap<String, Collected>();
            double loss = 0;
            for (Example example : batch) {
                if (predictions(example) > 0) {
                    loss += add(model, example, 1.0 / predictions, activations);
                }
            }
            return new ValueDistributions(loss, places(activations), parameters(weights));
        } finally {
            weights.values().forEach(weight -> weight.setRequiresGradient(false));
            Autograd.clearGradients(weights.values());
        }
    }

    private static long predictions(Example example) {
        return java.util.Arrays.stream(example.targets)
                .filter(target -> target != Example.NONE)
                .count();
    }

    private static double add(Inspectable model, Example example, double share, Map<String, Collected> activations) {
        try (NDManager scope = Devices.newManager(model.device());
                Autograd.Scope recording = Autograd.record()) {
            var recorder = new ActivationRecorder(scope);
            NDArray logits = model.logits(scope, example.ids, recorder);
            NDArray loss = loss(scope, logits, example.targets, share);
            Autograd.backward(loss);
            recorder.probes().forEach((name, probe) -> {
                Collected collected = activations.computeIfAbsent(name, n -> new Collected());
                collected.values.addAll(floats(probe.value()));
                collected.gradients.addAll(floats(probe.gradient()));
            });
            return loss.toType(DataType.FLOAT64, false).toDoubleArray()[0];
        }
    }

    private static NDArray loss(NDManager scope, NDArray logits, int[] targets, double share) {
        int classes = (int) logits.getShape().get(1);
        var weights = new float[targets.length * classes];
        for (int i = 0; i < targets.length; i++) {
            if (targets[i] != Example.NONE) {
                weights[i * classes + targets[i]] = (float) -share;
            }
        }
        NDArray weights_PV = scope.create(weights, new Shape(targets.length, classes));
        return LtFunctions.logSoftmax(logits, -1, DataType.FLOAT32)
                .mul(weights_PV)
                .sum();
    }

    private static List<Place> places(Map<String, Collected> activations) {
        List<Place> places = new ArrayList<>();
        activations.forEach((name, collected) ->
                places.add(new Place(name, collected.values.distribution(), collected.gradients.distribution())));
        return places;
    }

    private static List<Place> parameters(Map<String, NDArray> weights) {
        List<Place> places = new ArrayList<>();
        weights.forEach((name, weight) -> {
            var collected = new Collected();
            collected.values.addAll(floats(weight));
            collected.gradients.addAll(floats(weight.getGradient()));
            places.add(new Place(name, collected.values.distribution(), collected.gradients.distribution()));
        });
        return places;
    }

    private static float[] floats(NDArray array) {
        try (NDManager scope = array.getManager().newSubManager()) {
            NDArray plain = array.stopGradient();
            plain.attach(scope);
            NDArray floats = plain.toType(DataType.FLOAT32, false);
            floats.attach(scope);
            return floats.toFloatArray();
        }
    }

    private static final class Collected {
        private final Distribution.Collector values = new Distribution.Collector();
        private final Distribution.Collector gradients = new Distribution.Collector();
    }
}
