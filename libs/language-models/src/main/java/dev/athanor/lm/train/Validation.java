package dev.athanor.lm.train;

import ai.djl.Device;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Transformer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Scores the model that would be handed in now on held-out text. */
final class Validation {

    private final Objective objective;
    private final ModelConfig config;
    private final Device device;
    private final DataParallel team;
    private final int rows;
    private final int batches;

    /**
     * Mean nats.
     *
     * @param loss a predicted token; a sentence pair where no tokens are predicted; NaN without held-out text
     * @param sentenceLoss a sentence pair; NaN without pairs
     */
    record Losses(double loss, double sentenceLoss) {}

    /** @param rows scored at a time */
    Validation(Objective objective, ModelConfig config, Device device, DataParallel team, int rows) {
        this.objective = objective;
        this.config = config;
        this.device = device;
        this.team = team;
        this.rows = rows;
        this.batches = objective.validationBatches(rows);
    }

    boolean hasText() {
        return batches > 0;
    }

    /**
     * Processes share out the batches; what each scores is added up in the order of the batches, whoever scored it.
     *
     * @param stopped asked before each batch whether this process is to stop
     * @return null, on all processes, where one of them was stopped
     */
    @Nullable
    Losses score(TrainedWeights weights, BooleanSupplier stopped) {
        // Of each batch nats and predictions of tokens, then of sentences; whether to stop comes last.
        var scores = new double[4 * batches + 1];
        try (TrainedWeights.Copies copies = weights.handedIn()) {
            var transformer = new Transformer(config, copies.arrays());
            for (int batch = team.rank(); batch < batches; batch += team.size()) {
                if (stopped.getAsBoolean()) {
                    scores[4 * batches] = 1;
                    break;
                }
                Objective.Score score = objective.validate(transformer, device, rows, batch);
                scores[4 * batch] = score.nats();
                scores[4 * batch + 1] = score.predictions();
                scores[4 * batch + 2] = score.sentenceNats();
                scores[4 * batch + 3] = score.sentences();
            }
        }
        scores = team.sum(scores);
        if (scores[4 * batches] > 0) {
            return null;
        }
        double tokens = mean(scores, 0);
        double sentences = mean(scores, 2);
        return new Losses(Double.isNaN(tokens) ? sentences : tokens, sentences);
    }

    private double mean(double[] scores, int place) {
        double nats = 0;
        double predictions = 0;
        for (int batch = 0; batch < batches; batch++) {
            nats += scores[4 * batch + place];
            predictions += scores[4 * batch + place + 1];
        }
        return predictions == 0 ? Double.NaN : nats / predictions;
    }

    /** About how many seconds {@link #score} takes this process, from one of its batches; to be asked by all together. */
    double trial(TrainedWeights weights) {
        double seconds = 0;
        try (TrainedWeights.Copies copies = weights.handedIn()) {
            var transformer = new Transformer(config, copies.arrays());
            // Warm at the second time.
            for (int i = 0; i < 2 && team.rank() < batches; i++) {
                long start = System.nanoTime();
                objective.validate(transformer, device, rows, team.rank());
                seconds = (System.nanoTime() - start) * 1e-9;
            }
        }
        return seconds * Math.ceilDiv(batches, team.size());
    }
}
