package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.lm.Devices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parameters under AdamW: the weights that forward passes read and gradients flow to, in the precision of the run, and the float32
 * masters and moments behind them. Matrices decay, vectors (biases and norm weights) do not.
 */
public final class TrainedWeights implements AutoCloseable {

    private final Map<String, NDArray> parameters;
    private final Map<String, NDArray> weights = new LinkedHashMap<>();
    private final Precision precision;
    private final NDManager manager;
    private final FusedAdamW optimizer;
    private final DataParallel team;
    private final Map<String, Integer> owners;
    private final @Nullable GradientBuckets buckets;
    private final @Nullable LossScale scale;
    private final Map<String, NDArray> averages = new LinkedHashMap<>();
    private double averageDecay;

    /**
     * Takes over the parameters until closed.
     *
     * @param parameters float32 by name, trained in place: in 16 bits they are the masters of what {@link #weights} holds
     */
    public TrainedWeights(
            Map<String, NDArray> parameters, Precision precision, double weightDecay, FusedAdamW.Options options) {
        this(parameters, precision, weightDecay, options, DataParallel.ALONE, new BackwardOrder(0));
    }

    /** As above, trained by several processes, each of which keeps the masters and moments that it owns. */
    @SuppressWarnings("this-escape")
    TrainedWeights(
            Map<String, NDArray> parameters,
            Precision precision,
            double weightDecay,
            FusedAdamW.Options options,
            DataParallel team,
            BackwardOrder order) {
        this.team = team;
        this.owners = team.owners(parameters);
        this.parameters = parameters;
        this.precision = precision;
        manager = Devices.newManager(parameters.values().iterator().next().getDevice());
        var decayed = new LinkedHashMap<String, NDArray>();
        var undecayed = new LinkedHashMap<String, NDArray>();
        parameters.forEach((name, parameter) -> {
            NDArray weight = parameter;
            if (precision != Precision.FP32) {
                weight = parameter.toType(precision.type(), true);
                weight.attach(manager);
            }
            weight.setRequiresGradient(true);
            weights.put(name, weight);
            (weight.getShape().dimension() >= 2 ? decayed : undecayed).put(name, weight);
        });
        optimizer = new FusedAdamW(
                List.of(new FusedAdamW.Group(decayed, weightDecay), new FusedAdamW.Group(undecayed, 0)),
                options,
                name -> owner(name) == team.rank(),
                precision == Precision.FP32 ? Map.of() : parameters);
        Device device = parameters.values().iterator().next().getDevice();
        buckets = team.alone() ? null : new GradientBuckets(team, optimizer, weights, order, device);
        scale = precision == Precision.FP16 ? new LossScale(manager) : null;
    }

    /** Keeps an exponential moving average of the weights, with this decay a step, from what they are now on. */
    void keepAverage(double decay) {
        averageDecay = decay;
        masters().forEach((name, master) -> {
            NDArray average = master.duplicate();
            average.attach(manager);
            averages.put(name, average);
        });
    }

    /** What the forward pass is to read, by name. */
    public Map<String, NDArray> weights() {
        return weights;
    }

    /** The float32 values by name, sharing memory; of those that this process owns. */
    public Map<String, NDArray> masters() {
        return optimizer.masters();
    }

    /** The moments, counters, averages and the loss scale by name, sharing memory. */
    public Map<String, NDArray> optimizerState() {
        var state = new LinkedHashMap<>(optimizer.state());
        state.keySet().removeIf(name -> name.startsWith("master/"));
        averages.forEach((name, average) -> state.put("average/" + name, average));
        if (scale != null) {
            state.put(LossScale.NAME, scale.state());
        }
        return state;
    }

    /** To be called after masters were written to. */
    public void mastersChanged() {
        optimizer.mastersChanged();
    }

    /** To be called after each backward pass. */
    public void collectGradients() {
        optimizer.collectGradients();
    }

    /** Of several processes: the backward pass that follows is the last of the step, and leads down to all parameters. */
    void expectLast() {
        if (buckets != null) {
            buckets.expectLast();
        }
    }

    /** To be called when this process has done its passes of a step, before anything else is exchanged. */
    void passesDone() {
        if (buckets != null) {
            buckets.sendRest();
        }
    }

    /** See {@link GradientBuckets#sentEarly}. */
    long bucketsSentEarly() {
        return buckets == null ? 0 : buckets.sentEarly();
    }

    /** What losses are to be multiplied with before their gradients are taken; 1 but in fp16. */
    double lossScale() {
        return scale == null ? 1 : scale.value();
    }

    /**
     * Adds up the gradients of all processes, clips their global norm and updates the weights; in fp16, where a gradient has
     * overflowed, the step is left out instead and the loss scale is lowered.
     *
     * @param clipNorm 0 = no clipping
     * @return the norm before clipping; not finite where the step was left out
     */
    public double step(double learningRate, double clipNorm) {
        return step(learningRate, clipNorm, null);
    }

    /** @param norms is given the gradients' norms by part of the model: {@code tokens}, {@code layers.0}, …; or null */
    double step(double learningRate, double clipNorm, @Nullable Consumer<SortedMap<String, Double>> norms) {
        double norm = finishGradients(clipNorm, norms);
        if (scale != null && !scale.keeps(norm)) {
            forgetGradients();
            return norm;
        }
        update(learningRate);
        return norm;
    }

    /**
     * All that {@link #step} does, for the time it takes: the learning rate is 0, so that no weight changes. What else changes,
     * {@link #endRehearsal} puts right.
     */
    void rehearse(double clipNorm) {
        if (Double.isFinite(finishGradients(clipNorm, null))) {
            update(0);
        } else {
            forgetGradients();
        }
    }

    /** Makes moments, counters and averages those of weights that have not been trained. */
    void endRehearsal() {
        forgetGradients();
        optimizer.forgetUpdates();
        masters().forEach((name, master) -> {
            if (!averages.isEmpty()) {
                master.copyTo(Objects.requireNonNull(averages.get(name)));
            }
        });
    }

    /** @return the norm of the gradients of all processes, before they were clipped */
    private double finishGradients(double clipNorm, @Nullable Consumer<SortedMap<String, Double>> norms) {
        if (buckets != null) {
            buckets.takeBack();
        }
        if (scale != null) {
            double back = 1 / scale.value();
            optimizer.gradients().values().forEach(gradient -> gradient.muli(back));
        }
        if (norms != null) {
            norms.accept(gradientNorms());
        }
        return optimizer.clipGradients(clipNorm > 0 ? clipNorm : Double.POSITIVE_INFINITY);
    }

    private void update(double learningRate) {
        optimizer.step(learningRate);
        share();
        average();
    }

    private SortedMap<String, Double> gradientNorms() {
        var squares = new TreeMap<String, Double>();
        try (NDManager scope = manager.newSubManager()) {
            optimizer.gradients().forEach((name, gradient) -> {
                String[] path = name.split("\\.");
                NDArray square = gradient.square().sum();
                square.attach(scope);
                squares.merge(
                        path[0].equals("layers") ? path[0] + "." + path[1] : path[0],
                        (double) square.getFloat(),
                        Double::sum);
            });
        }
        squares.replaceAll((part, square) -> Math.sqrt(square));
        return squares;
    }

    /** Whether a norm that is no number is a matter of the loss scale, not of a training that has broken down. */
    boolean mayOverflow() {
        return scale != null && scale.value() > LossScale.SMALLEST;
    }

    private void average() {
        if (averages.isEmpty()) {
            return;
        }
        try (NDManager scope = manager.newSubManager()) {
            masters().forEach((name, master) -> {
                NDArray share = master.mul(1 - averageDecay);
                share.attach(scope);
                Objects.requireNonNull(averages.get(name)).muli(averageDecay).addi(share);
            });
        }
    }

    /** Copies each weight from the process that updates it to all. */
    void share() {
        team.share(weights, owners);
    }

    private int owner(String name) {
        return owners.getOrDefault(name, 0);
    }

    /** As if no backward pass had been made since the last step. */
    public void forgetGradients() {
        if (buckets != null) {
            buckets.discard();
        }
        optimizer.zeroGradients();
    }

    /** Makes the parameters given at the beginning what was trained: the masters, or their average if one is kept. */
    public void writeBack() {
        averages.forEach((name, average) -> average.copyTo(parameter(name)));
        if (precision != Precision.FP32 || !averages.isEmpty()) {
            team.share(parameters, owners);
        }
    }

    private NDArray parameter(String name) {
        NDArray parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalStateException("the optimizer knows '" + name + "', the model does not");
        }
        return parameter;
    }

    @Override
    public void close() {
        if (buckets != null) {
            buckets.close();
        }
        weights.values().forEach(weight -> weight.setRequiresGradient(false));
        optimizer.close();
        manager.close();
    }
}
