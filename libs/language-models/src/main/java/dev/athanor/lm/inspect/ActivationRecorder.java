package dev.athanor.lm.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Operations;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a probe behind each operation of a pass. Layers that share weights are told apart. */
final class ActivationRecorder implements Operations {

    private final NDManager manager;
    private final Map<String, Probe> probes = new LinkedHashMap<>();
    private int layer;

    ActivationRecorder(NDManager manager) {
        this.manager = manager;
    }

    /** In the order of the pass. */
    Map<String, Probe> probes() {
        return probes;
    }

    @Override
    public NDArray stream(int layer, NDArray x_BTC) {
        this.layer = layer;
        return probed(layer == 0 ? "embeddings" : "layers." + (layer - 1) + ".output", x_BTC);
    }

    @Override
    public NDArray linear(String name, NDArray x, NDArray weight, @Nullable NDArray bias) {
        return probed(ofThisLayer(name), Operations.super.linear(name, x, weight, bias));
    }

    @Override
    public NDArray norm(
            String name, NDArray x, ModelConfig.Norm kind, NDArray weight, @Nullable NDArray bias, double epsilon) {
        return probed(ofThisLayer(name), Operations.super.norm(name, x, kind, weight, bias, epsilon));
    }

    @Override
    public NDArray activation(String name, ModelConfig.FeedForward kind, NDArray h) {
        return probed(ofThisLayer(name) + ".activation", Operations.super.activation(name, kind, h));
    }

    @Override
    public NDArray attention(int layer, Attention in) {
        return probed("layers." + layer + ".attention.heads", Operations.super.attention(layer, in));
    }

    /** Weights are called after the first layer that uses them. */
    private String ofThisLayer(String name) {
        return name.startsWith("layers.") ? "layers." + layer + name.substring(name.indexOf('.', 7)) : name;
    }

    private NDArray probed(String name, NDArray x) {
        Probe probe = Probe.on(manager, x);
        probes.put(name, probe);
        return probe.passed(x);
    }
}
