package dev.athanor.evaluation.baseline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts to rows of length 1: sublinear term frequency {@code 1 + ln tf} times smoothed inverse document frequency
 * {@code 1 + ln((1 + n) / (1 + df))} of words and word pairs, as scikit-learn's TfidfVectorizer weighs them. Columns are
 * numbered in order of first appearance; terms unseen in fitting are left out.
 */
final class TfIdf {

    private final Map<String, Integer> columns;
    private final double[] inverseDocumentFrequency;

    private TfIdf(Map<String, Integer> columns, double[] inverseDocumentFrequency) {
        this.columns = columns;
        this.inverseDocumentFrequency = inverseDocumentFrequency;
    }

    static TfIdf fit(List<String> texts) {
        var documents = new LinkedHashMap<String, int[]>();
        for (String text : texts) {
            counts(text).keySet().forEach(term -> documents.computeIfAbsent(term, t -> new int[1])[0]++);
        }
        var columns = HashMap.<String, Integer>newHashMap(documents.size());
        var idf = new double[documents.size()];
        documents.forEach((term, frequency) -> {
            idf[columns.size()] = 1 + Math.log((1.0 + texts.size()) / (1.0 + frequency[0]));
            columns.put(term, columns.size());
        });
        return new TfIdf(columns, idf);
    }

    int features() {
        return inverseDocumentFrequency.length;
    }

    SparseMatrix transform(List<String> texts) {
        var start = new int[texts.size() + 1];
        var column = new int[1024];
        var value = new float[1024];
        int size = 0;
        for (int row = 0; row < texts.size(); row++) {
            Map<Integer, Double> weights = weights(texts.get(row));
            if (size + weights.size() > column.length) {
                int larger = Math.max(2 * column.length, size + weights.size());
                column = Arrays.copyOf(column, larger);
                value = Arrays.copyOf(value, larger);
            }
            for (var weight : weights.entrySet()) {
                column[size] = weight.getKey();
                value[size++] = weight.getValue().floatValue();
            }
            start[row + 1] = size;
        }
        return new SparseMatrix(features(), start, Arrays.copyOf(column, size), Arrays.copyOf(value, size));
    }

    private Map<Integer, Double> weights(String text) {
        var weights = new TreeMap<Integer, Double>();
        counts(text).forEach((term, count) -> {
            Integer column = columns.get(term);
            if (column != null) {
                weights.put(column, (1 + Math.log(count[0])) * inverseDocumentFrequency[column]);
            }
        });
        double norm =
                Math.sqrt(weights.values().stream().mapToDouble(w -> w * w).sum());
        weights.replaceAll((column, weight) -> weight / norm);
        return weights;
    }

    private static Map<String, int[]> counts(String text) {
        var counts = new LinkedHashMap<String, int[]>();
        Words.unigramsAndBigrams(text, term -> counts.computeIfAbsent(term, t -> new int[1])[0]++);
        return counts;
    }
}
