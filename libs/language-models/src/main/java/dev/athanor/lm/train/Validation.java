package dev.athanor.lm.train;

import ai.djl.Device;
import dev.athanor.lm.model.Transformer;

/** Held-out text scored by all processes: they share out its batches. */
final class Validation {

    private final Objective objective;
    private final Transformer transformer;
    private final Device device;
    private final int rows;
    private final DataParallel team;

    /** @param rows of a batch */
    Validation(Objective objective, Transformer transformer, Device device, int rows, DataParallel team) {
        this.objective = objective;
        this.transformer = transformer;
        this.device = device;
        this.rows = rows;
        this.team = team;
    }

    /** Mean nats per token, added up in the order of the batches, whoever scored them; NaN where nothing is held out. */
    double loss() {
        int batches = objective.validationBatches(rows);
        if (batches == 0) {
            return Double.NaN;
        }
        var scores = new double[2 * batches];
        for (int batch = team.rank(); batch < batches; batch += team.size()) {
            Objective.Score score = objective.validate(transformer, device, rows, batch);
            scores[2 * batch] = score.nats();
            scores[2 * batch + 1] = score.predictions();
        }
        scores = team.sum(scores);
        double nats = 0;
        double predictions = 0;
        for (int batch = 0; batch < batches; batch++) {
            nats += scores[2 * batch];
            predictions += scores[2 * batch + 1];
        }
        return nats / predictions;
    }

    /** About how many seconds {@link #loss} takes this process, from one of its batches. */
    double trial() {
        int batches = objective.validationBatches(rows);
        if (team.rank() >= batches) {
            return 0;
        }
        double seconds = 0;
        // Warm at the second time.
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            objective.validate(transformer, device, rows, team.rank());
            seconds = (System.nanoTime() - start) * 1e-9;
        }
        return seconds * Math.ceilDiv(batches, team.size());
    }
}
