package dev.athanor.finetune.classifier;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened so far, epoch by epoch; written to {@code finetune.json}.
 *
 * @param metric the score that picks the best epoch
 * @param plannedSteps optimizer steps that the schedule is made for
 */
record History(String metric, int trainExamples, int validationExamples, int plannedSteps, List<Epoch> epochs) {

    /**
     * One pass over the training part and the scores of the validation part after it.
     *
     * @param epoch 1 for the first
     * @param steps optimizer steps since the beginning
     * @param trainLoss mean over the epoch's steps
     */
    record Epoch(int epoch, int steps, double trainLoss, double validationLoss, double accuracy, double macroF1) {

        /** Larger is better. */
        double score(String metric) {
            return switch (metric) {
                case "accuracy" -> accuracy;
                case "macro-f1" -> macroF1;
                case "loss" -> -validationLoss;
                default -> throw new IllegalArgumentException("metric is '" + metric + "'");
            };
        }
    }

    History {
        epochs = List.copyOf(epochs);
    }

    History with(Epoch epoch) {
        var more = new ArrayList<>(epochs);
        more.add(epoch);
        return new History(metric, trainExamples, validationExamples, plannedSteps, more);
    }

    /** Number of the best epoch: the first with the best score; 0 where there is none. */
    int best() {
        int best = 0;
        for (int i = 0; i < epochs.size(); i++) {
            if (best == 0 || epochs.get(i).score(metric) > epochs.get(best - 1).score(metric)) {
                best = i + 1;
            }
        }
        return best;
    }

    int steps() {
        return epochs.isEmpty() ? 0 : epochs.getLast().steps();
    }

    /** Whether so many epochs have gone without a better score. */
    boolean outOfPatience(int patience) {
        return !epochs.isEmpty() && epochs.size() - best() >= patience;
    }
}
