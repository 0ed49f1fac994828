package dev.athanor.lm.train;

/**
 * Sums over the elements of gradients, before clipping.
 *
 * @param elements how many there are
 * @param sum of the elements
 * @param squares sum of their squares
 */
public record GradientStatistics(long elements, double sum, double squares) {

    /** Of both together. */
    public GradientStatistics plus(GradientStatistics other) {
        return new GradientStatistics(elements + other.elements, sum + other.sum, squares + other.squares);
    }

    /** Euclidean. */
    public double norm() {
        return Math.sqrt(squares);
    }

    /** Mean square of the elements less the square of their mean: how far they are from each other. */
    public double variance() {
        double mean = sum / elements;
        return Math.max(0, squares / elements - mean * mean);
    }
}
