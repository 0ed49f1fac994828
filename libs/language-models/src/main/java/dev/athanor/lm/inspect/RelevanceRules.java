package dev.athanor.lm.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Operations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The model with the values of before and gradients that are relevance: the rules of {@link Relevance}. */
final class RelevanceRules implements Operations {

    private final NDManager manager;
    private final List<Probe> streams = new ArrayList<>();
    private final List<NDArray> biases = new ArrayList<>();

    /** @param manager owns what is kept until the end */
    RelevanceRules(NDManager manager) {
        this.manager = manager;
    }

    @Override
    public NDArray stream(int layer, NDArray x_BTC) {
        Probe probe = Probe.on(manager, x_BTC);
        streams.add(probe);
        return probe.passed(x_BTC);
    }

    @Override
    public NDArray linear(String name, NDArray x, NDArray weight, @Nullable NDArray bias) {
        return Operations.super.linear(name, x, weight, bias == null ? null : leaf(bias));
    }

    @Override
    public NDArray norm(
            String name, NDArray x, ModelConfig.Norm kind, NDArray weight, @Nullable NDArray bias, double epsilon) {
        int[] last = {x.getShape().dimension() - 1};
        NDArray centred = kind == ModelConfig.Norm.LAYER_NORM ? x.sub(x.mean(last, true)) : x;
        NDArray deviation = centred.square().mean(last, true).add(epsilon).sqrt();
        NDArray y = centred.div(deviation.stopGradient()).mul(weight);
        return bias == null ? y : y.add(leaf(bias));
    }

    @Override
    public NDArray activation(String name, ModelConfig.FeedForward kind, NDArray h) {
        NDArray y = Operations.super.activation(name, kind, h);
        if (!kind.gated()) {
            return linearized(h, y);
        }
        int last = h.getShape().dimension() - 1;
        long F = h.getShape().get(last) / 2;
        NDArray gate = LtFunctions.narrow(h, last, 0, F);
        NDArray up = LtFunctions.narrow(h, last, F, F);
        return linearized(gate, y).add(linearized(up, y)).mul(0.5);
    }

    /** {@code y}, as a multiple of x; where x is 0 so is y, and nothing is passed on. */
    private static NDArray linearized(NDArray x, NDArray y) {
        NDArray zeros = x.eq(0).toType(x.getDataType(), false);
        return x.mul(y.div(x.add(zeros)).stopGradient());
    }

    @Override
    public NDArray attention(int layer, Attention in) {
        NDArray weights_BHTS = AttentionWeights.of(in).stopGradient();
        return weights_BHTS.matMul(AttentionWeights.perQueryHead(in.v_BKSD(), in.q_BHTD()));
    }

    @Override
    public NDArray gates(NDArray gates_NP) {
        return gates_NP.stopGradient();
    }

    /** The bias with a gradient of its own; before the first layer it is part of what the tokens bring. */
    private NDArray leaf(NDArray bias) {
        if (streams.isEmpty()) {
            return bias;
        }
        NDArray leaf = bias.stopGradient().duplicate();
        leaf.attach(manager);
        leaf.setRequiresGradient(true);
        biases.add(leaf);
        return leaf;
    }

    /** Relevance of each position of the stream, into each layer and out of the last. */
    List<double[]> layers() {
        List<double[]> layers = new ArrayList<>();
        for (Probe probe : streams) {
            layers.add(products(probe.value(), probe.gradient())
                    .sum(new int[] {0, 2})
                    .toDoubleArray());
        }
        return layers;
    }

    double biases() {
        double sum = 0;
        for (NDArray bias : biases) {
            sum += Arrays.stream(
                            products(bias.stopGradient(), bias.getGradient()).toDoubleArray())
                    .sum();
        }
        return sum;
    }

    private static NDArray products(NDArray value, NDArray gradient) {
        return value.toType(DataType.FLOAT64, false).mul(gradient.toType(DataType.FLOAT64, false));
    }
}
