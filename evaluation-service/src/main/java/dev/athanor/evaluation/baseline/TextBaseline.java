package dev.athanor.evaluation.baseline;

import dev.athanor.lm.scores.ConfusionMatrix;
import dev.athanor.lm.scores.Probabilities;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classifier that a neural one must beat: TF-IDF of words and word pairs, then logistic regression, trained on the
 * training part alone. Of six strengths of regularization the validation part picks the one with the best macro-F1, the
 * strongest of equals.
 */
public final class TextBaseline {

    /** scikit-learn's C, from strong regularization to weak: each solution starts the search for the next. */
    private static final double[] INVERSE_STRENGTHS = {0.25, 1, 4, 16, 64, 256};

    private final TfIdf features;
    private final LogisticRegression regression;
    private final double inverseStrength;

    private TextBaseline(TfIdf features, LogisticRegression regression, double inverseStrength) {
        this.features = features;
        this.regression = regression;
        this.inverseStrength = inverseStrength;
    }

    /** Texts with the index of each one's class. */
    public record Labelled(List<String> texts, int[] classes) {}

    public static TextBaseline train(Labelled train, Labelled validation, int classes) {
        TfIdf features = TfIdf.fit(train.texts());
        SparseMatrix trainRows = features.transform(train.texts());
        SparseMatrix validationRows = features.transform(validation.texts());
        TextBaseline best = null;
        double bestScore = Double.NEGATIVE_INFINITY;
        @Nullable LogisticRegression previous = null;
        for (double c : INVERSE_STRENGTHS) {
            previous =
                    LogisticRegression.fit(trainRows, train.classes(), classes, 1 / (c * trainRows.rows()), previous);
            int[] predicted = Probabilities.argMax(previous.predict(validationRows));
            double score =
                    ConfusionMatrix.of(classes, validation.classes(), predicted).macroF1();
            if (best == null || score > bestScore) {
                best = new TextBaseline(features, previous, c);
                bestScore = score;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    /** Probability of each class for each text. */
    public float[][] predict(List<String> texts) {
        return regression.predict(features.transform(texts));
    }

    /** Number of words and word pairs. */
    public int features() {
        return features.features();
    }

    /** scikit-learn's C that the validation part picked. */
    public double inverseStrength() {
        return inverseStrength;
    }
}
