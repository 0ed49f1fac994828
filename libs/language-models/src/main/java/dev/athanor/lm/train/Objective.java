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

    /**
     * How a model predicts a part of the held-out text.
     *
     * @param nats sum of the negative log-likelihoods of tokens
     * @param predictions of tokens
     * @param sentenceNats sum of those of sentence pairs, of whether the second follows the first
     * @param sentences pairs
     */
    record Score(double nats, long predictions, double sentenceNats, long sentences) {

        /** Without sentence pairs. */
        Score(double nats, long predictions) {
            this(nats, predictions, 0, 0);
        }
    }

    /**
     * Parts of the held-out text that can be scored one by one, by any process; 0 without any text.
     *
     * @param rows at a time
     */
    int validationBatches(int rows);

    /** @param batch from 0 */
    Score validate(Transformer transformer, Device device, int rows, int batch);

    /** What tells this objective from others, in a line: a run resumes only with an equal one. */
    String fingerprint();
}
