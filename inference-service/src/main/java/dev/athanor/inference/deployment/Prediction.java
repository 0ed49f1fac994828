package dev.athanor.inference.deployment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * @param label the most probable class
 * @param probabilities of every class, in the model's order; they add up to 1
 * @param truncated whether the text was longer than the model's context, and only its beginning was read
 */
public record Prediction(String label, Map<String, Double> probabilities, boolean truncated) {

    public Prediction {
        probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
    }
}
