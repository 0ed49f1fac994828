package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * {@code preprocessing.train-classifier}: labelled examples to a linear classifier for the filter {@code classifier}:
 * multinomial logistic regression on hashed word n-grams, by stochastic gradient descent.
 *
 * @param buckets of the hashed features, a power of two; each takes 4 bytes a label
 * @param ngram longest word n-gram that is a feature
 * @param epochs passes over the training examples
 * @param learningRate of the first step; it falls linearly to 0
 * @param weightDecay pull towards 0 of a weight at each of its updates, relative to the learning rate
 */
public record TrainTextClassifierSpec(int buckets, int ngram, int epochs, double learningRate, double weightDecay) {

    public static final TrainTextClassifierSpec DEFAULTS = new TrainTextClassifierSpec(1 << 18, 2, 5, 0.5, 1e-6);

    public TrainTextClassifierSpec {
        Checks.that(
                buckets >= 1 << 8 && buckets <= 1 << 24 && Integer.bitCount(buckets) == 1,
                "buckets",
                buckets,
                "a power of two from 256 to 16777216");
        Checks.range("ngram", ngram, 1, 5);
        Checks.range("epochs", epochs, 1, 1_000);
        Checks.range("learningRate", learningRate, 1e-6, 100);
        Checks.range("weightDecay", weightDecay, 0, 1);
    }
}
