package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * {@code evaluation.sentiment}: a classifier beside a TF-IDF + logistic regression baseline trained on the same split.
 *
 * @param split {@code test}, or {@code validation}
 */
public record SentimentReportSpec(String split, int batchSize) {

    public static final SentimentReportSpec DEFAULTS = new SentimentReportSpec("test", 32);

    public SentimentReportSpec {
        Checks.oneOf("split", split, java.util.List.of("test", "validation"));
        Checks.range("batchSize", batchSize, 1, 65_536);
    }
}
