package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The weights of a model by name, bound to the functions that they are used in. */
record Weights(ModelConfig config, Map<String, NDArray> byName, Operations operations) {

    record Linear(
            Operations operations,
            String name,
            NDArray weight,
            @Nullable NDArray bias) {
        NDArray of(NDArray x) {
            return operations.linear(name, x, weight, bias);
        }
    }

    record Norm(
            Operations operations,
            String name,
            ModelConfig.Norm kind,
            double epsilon,
            NDArray weight,
            @Nullable NDArray bias) {
        NDArray of(NDArray x) {
            return operations.norm(name, x, kind, weight, bias, epsilon);
        }
    }

    NDArray weight(String name) {
        NDArray weight = byName.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("the weights lack '" + name + "'");
        }
        return weight;
    }

    Linear linear(String name) {
        return new Linear(operations, name, weight(name + ".weight"), byName.get(name + ".bias"));
    }

    Norm norm(String name) {
        return norm(config.norm(), name);
    }

    Norm norm(ModelConfig.Norm kind, String name) {
        return new Norm(
                operations, name, kind, config.normEpsilon(), weight(name + ".weight"), byName.get(name + ".bias"));
    }
}
