package dev.athanor.evaluation.inspection;

import dev.athanor.lm.inspect.Distribution;
import dev.athanor.lm.inspect.GradientCheck;
import java.util.List;

/** What {@code report.json} holds, one record a kind. Numbers are rounded to what the report is read for. */
sealed interface InspectionReport {

    String kind();

    /** @param maps what each token attends to */
    record Attention(String kind, List<Text> texts) implements InspectionReport {
        record Text(List<String> tokens, boolean truncated, List<Map> maps) {}

        /** @param weights by attending token and attended token; rows sum to 1 */
        record Map(int layer, int head, List<List<Double>> weights) {}
    }

    /** Relevance of the tokens, and of the stream at each layer. */
    record Relevance(String kind, boolean contrasted, List<Text> texts) implements InspectionReport {
        /**
         * @param position of the token whose prediction is explained; 0 of a classifier
         * @param target the explained label or token
         * @param explained the logit, less the mean of the others if contrasted
         * @param relevance of each token
         * @param biases share that comes from no token
         * @param residue what rounding lost
         * @param layers relevance by layer, into each and out of the last, and token
         */
        record Text(
                List<String> tokens,
                boolean truncated,
                int position,
                String target,
                double probability,
                double explained,
                List<Double> relevance,
                double biases,
                double residue,
                List<List<Double>> layers) {}
    }

    /**
     * Distributions of values and gradients.
     *
     * @param loss in nats, that the gradients are of
     * @param tokens read
     * @param binEdges magnitudes between the bins: the first bin is below the first, the last from the last on
     */
    record Histograms(
            String kind,
            double loss,
            long tokens,
            List<Double> binEdges,
            List<Place> activations,
            List<Place> parameters)
            implements InspectionReport {
        record Place(String name, Distribution values, Distribution gradients) {}
    }

    /** Gradients against finite differences. */
    record Gradients(String kind, GradientCheck.Report check) implements InspectionReport {}
}
