package dev.athanor.lm.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.lm.Devices;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layer-wise relevance propagation (Bach et al. 2015) of one prediction: what each token of the input adds to a logit.
 *
 * <p>The rules, each of which passes on what it gets:
 *
 * <ul>
 *   <li>linear layers, sums, values weighted by attention: in proportion to the summands (LRP-0);
 *   <li>attention weights and experts' gates: constants (the AH rule of Ali et al. 2022);
 *   <li>norms: the deviation, or root mean square, is a constant (their LN rule);
 *   <li>activations: {@code f(x) = (f(x)/x)·x}, the factor a constant (identity rule of AttnLRP, Achtibat et al. 2024);
 *   <li>the product of a gated unit: half to each factor (AttnLRP's uniform rule).
 * </ul>
 *
 * With these constants the model is linear in its input and its biases, so input times gradient is the relevance, and all relevances sum
 * to the logit but for rounding. In a model without biases the tokens alone do.
 *
 * @param row the explained prediction: a position of a language model, 0 of a classifier
 * @param target its explained class, or token id
 * @param probability that the model gives to the target
 * @param explained the logit, less the mean of the other classes' logits if contrasted
 * @param tokens relevance of each position's input
 * @param layers relevance of each position of the residual stream, into each layer and out of the last: [layers + 1][T]
 * @param biases what comes from biases, not from tokens
 */
public record Relevance(
        int row,
        int target,
        double probability,
        double explained,
        double[] tokens,
        List<double[]> layers,
        double biases) {

    public Relevance {
        layers = List.copyOf(layers);
    }

    /** What rounding lost: the logit less all relevances. */
    public double residue() {
        return explained - Arrays.stream(tokens).sum() - biases;
    }

    /**
     * Explains a prediction.
     *
     * @param row which prediction; a decoder's last position predicts the token after the text
     * @param target the class or token to explain; null = the most probable one
     * @param contrasted whether the mean of the other classes' logits is taken off, so that what speaks for all classes alike does
     *     not count
     */
    public static Relevance of(Inspectable model, int[] ids, int row, @Nullable Integer target, boolean contrasted) {
        try (NDManager scope = Devices.newManager(model.device());
                Autograd.Scope recording = Autograd.record()) {
            var rules = new RelevanceRules(scope);
            NDArray logits = model.logits(scope, ids, rules);
            if (row < 0 || row >= logits.getShape().get(0)) {
                throw new IllegalArgumentException("prediction " + row + ", expected 0 to "
                        + (logits.getShape().get(0) - 1));
            }
            double[] values = logits.get(row).toType(DataType.FLOAT64, false).toDoubleArray();
            int chosen = target == null ? largest(values) : target;
            if (chosen < 0 || chosen >= values.length) {
                throw new IllegalArgumentException("target " + chosen + ", expected 0 to " + (values.length - 1));
            }
            double[] weights = weights(values.length, chosen, contrasted);
            double explained = 0;
            for (int i = 0; i < values.length; i++) {
                explained += weights[i] == 0 ? 0 : weights[i] * values[i];
            }
            NDArray gradient = gradient(scope, logits, row, weights);
            Autograd.backward(logits, gradient);
            List<double[]> layers = rules.layers();
            return new Relevance(
                    row, chosen, probability(values, chosen), explained, layers.getFirst(), layers, rules.biases());
        }
    }

    private static double[] weights(int classes, int chosen, boolean contrasted) {
        var weights = new double[classes];
        if (contrasted) {
            Arrays.fill(weights, -1.0 / (classes - 1));
        }
        weights[chosen] = 1;
        return weights;
    }

    private static NDArray gradient(NDManager scope, NDArray logits, int row, double[] weights) {
        Shape shape = logits.getShape();
        var all = new double[(int) shape.size()];
        System.arraycopy(weights, 0, all, row * weights.length, weights.length);
        return scope.create(all, shape).toType(logits.getDataType(), false);
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static double probability(double[] logits, int chosen) {
        double largest = Arrays.stream(logits).max().orElse(0);
        double sum = Arrays.stream(logits).map(x -> Math.exp(x - largest)).sum();
        return Math.exp(logits[chosen] - largest) / sum;
    }
}
