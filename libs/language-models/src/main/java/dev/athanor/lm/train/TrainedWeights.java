package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.lm.Devices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * Takes over the parameters until closed.
     *
     * @param parameters float32 by name; in fp32 they are trained in place, otherwise see {@link #writeBack}
     */
    public TrainedWeights(
            Map<String, NDArray> parameters, Precision precision, double weightDecay, FusedAdamW.Options options) {
        this(parameters, precision, weightDecay, options, DataParallel.ALONE);
    }

    /** As above, trained by several processes, each of which keeps the masters and moments that it owns. */
    @SuppressWarnings("this-escape")
    TrainedWeights(
            Map<String, NDArray> parameters,
            Precision precision,
            double weightDecay,
            FusedAdamW.Options options,
            DataParallel team) {
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
                name -> owner(name) == team.rank());
        Device device = parameters.values().iterator().next().getDevice();
        buckets = team.alone() ? null : new GradientBuckets(team, optimizer, weights, device);
        if (precision != Precision.FP32) {
            // The optimizer made its masters from rounded weights.
            masters().forEach((name, master) -> parameter(name).copyTo(master));
            optimizer.mastersChanged();
        }
    }

    /** What the forward pass is to read, by name. */
    public Map<String, NDArray> weights() {
        return weights;
    }

    /** The float32 values by name, sharing memory; of those that this process owns. */
    public Map<String, NDArray> masters() {
        return optimizer.masters();
    }

    /** The moments and counters by name, sharing memory. */
    public Map<String, NDArray> optimizerState() {
        var state = new LinkedHashMap<>(optimizer.state());
        state.keySet().removeIf(name -> name.startsWith("master/"));
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

    /**
     * Adds up the gradients of all processes, clips their global norm and updates the weights.
     *
     * @param clipNorm 0 = no clipping
     * @return the norm before clipping
     */
    public double step(double learningRate, double clipNorm) {
        if (buckets != null) {
            buckets.reduce();
        }
        double norm = optimizer.clipGradients(clipNorm > 0 ? clipNorm : Double.POSITIVE_INFINITY);
        optimizer.step(learningRate);
        share();
        return norm;
    }

    /** Copies each weight from the process that updates it to all. */
    void share() {
        team.share(weights, owners);
    }

    private int owner(String name) {
        return owners.getOrDefault(name, 0);
    }

    public void forgetGradients() {
        optimizer.zeroGradients();
    }

    /** Copies the masters into the parameters given at the beginning; in fp32 they are the same. */
    public void writeBack() {
        if (precision != Precision.FP32) {
            masters().forEach((name, master) -> master.copyTo(parameter(name)));
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
        weights.values().forEach(weight -> weight.setRequiresGradient(false));
        if (buckets != null) {
            buckets.close();
        }
        optimizer.close();
        manager.close();
    }
}
