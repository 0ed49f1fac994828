package dev.athanor.lm.train;

import ai.djl.Device;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.model.Transformer;

/** What a model is trained for: the batches, each a pure function of its step's number, and the loss on held-out text. */
public interface Objective {

    /** T, positions of a row. */
    int length();

    /** Rows an epoch. */
    long samples();

    /** @param step 0 for the first optimizer step */
    TokenBatch batch(long step, int rows);

    boolean canValidate();

    /**
     * @param rows at a time
     * @return mean nats per predicted token of the held-out text; NaN without any
     */
    double validationLoss(Transformer transformer, Device device, int rows);

    /** What tells this objective from others, in a line: a run resumes only with an equal one. */
    String fingerprint();
}
