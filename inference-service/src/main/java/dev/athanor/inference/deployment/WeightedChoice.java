package dev.athanor.inference.deployment;

import dev.athanor.contracts.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Picks by weight, the same for the same key: a hash of the key is a point on the line of the weights laid end to end. */
final class WeightedChoice {

    private WeightedChoice() {}

    /** @return an index; where all weights are 0 every one is as likely */
    static int choose(List<Double> weights, String key) {
        double total = weights.stream().mapToDouble(w -> w).sum();
        double point = fraction(key) * (total > 0 ? total : weights.size());
        for (int i = 0; i < weights.size(); i++) {
            point -= total > 0 ? weights.get(i) : 1;
            if (point < 0) {
                return i;
            }
        }
        return lastAbove0(weights);
    }

    /** Rounding can leave the point just beyond the end. */
    private static int lastAbove0(List<Double> weights) {
        int last = weights.size() - 1;
        while (last > 0 && weights.get(last) == 0) {
            last--;
        }
        return last;
    }

    /** In [0, 1), evenly spread: the first 53 bits of SHA-256. */
    private static double fraction(String key) {
        byte[] hash = Json.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
        return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1.0p-53;
    }
}
