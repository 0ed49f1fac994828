package dev.athanor.lm.model;

import ai.djl.ndarray.NDArray;
import dev.athanor.libtorch.LtFunctions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The weights of a model by name, bound to the functions that they are used in. */
record Weights(ModelConfig config, Map<String, NDArray> byName) {

    record Linear(NDArray weight, @Nullable NDArray bias) {
        NDArray of(NDArray x) {
            return LtFunctions.linear(x, weight, bias);
        }
    }

    record Norm(
            ModelConfig.Norm kind,
            double epsilon,
            NDArray weight,
            @Nullable NDArray bias) {
        NDArray of(NDArray x) {
            return switch (kind) {
                case LAYER_NORM -> LtFunctions.layerNorm(x, weight, bias, epsilon);
                case RMS_NORM -> LtFunctions.rmsNorm(x, weight, epsilon);
            };
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
        return new Linear(weight(name + ".weight"), byName.get(name + ".bias"));
    }

    Norm norm(String name) {
        return norm(config.norm(), name);
    }

    Norm norm(ModelConfig.Norm kind, String name) {
        return new Norm(kind, config.normEpsilon(), weight(name + ".weight"), byName.get(name + ".bias"));
    }
}
