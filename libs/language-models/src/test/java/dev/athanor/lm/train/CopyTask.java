package dev.athanor.lm.train;

import ai.djl.Device;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.model.Transformer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Rows of which a part can be copied from the rest; only that part counts, so the loss of a model that has learnt the task is 0. Every
 * step has rows of its own, so that nothing is learnt by heart.
 *
 * @param vocabulary the last id is a sign that says nothing, the others are drawn
 */
record CopyTask(Kind kind, int length, int vocabulary) implements Objective {

    /** Rows as letters, where . is the sign and what counts is in capitals. */
    enum Kind {
        /** {@code a.A.A.A.}: there is one token to be found, wherever it stands. */
        RECALL,
        /** {@code abcABCABC}: the token of three places before. */
        REPEAT,
        /** {@code a.A.b.B.c.C.}: the last token that is no sign. */
        LATEST,
        /** {@code a.ab.bc.c}, for an encoder: what the two next to each sign are. */
        NEAREST
    }

    private static final int PERIOD = 3;

    @Override
    public TokenBatch batch(long step, int rows) {
        var random = new SplittableRandom(step);
        var inputs_BT = new long[rows * length];
        var targets_BT = new long[rows * length];
        Arrays.fill(targets_BT, TokenBatch.IGNORED);
        for (int b = 0; b < rows; b++) {
            var row = new long[length + 1];
            for (int t = 0; t <= length; t++) {
                int source = source(t);
                row[t] = source == t ? random.nextInt(vocabulary - 1) : source < 0 ? vocabulary - 1 : row[source];
                boolean hidden = kind == Kind.NEAREST && t % PERIOD == 1;
                boolean predicted = kind == Kind.NEAREST ? hidden : source >= 0 && source < t;
                if (t < length) {
                    inputs_BT[b * length + t] = hidden ? vocabulary - 1 : row[t];
                }
                // A decoder predicts a token one position before it.
                int at = kind == Kind.NEAREST ? t : t - 1;
                if (predicted && at < length) {
                    targets_BT[b * length + at] = row[t];
                }
            }
        }
        return new TokenBatch(rows, length, inputs_BT, targets_BT);
    }

    /** Where a token is copied from; itself where it is drawn, -1 for the sign. */
    private int source(int t) {
        return switch (kind) {
            case RECALL -> t % 2 == 1 ? -1 : 0;
            case REPEAT -> t % PERIOD;
            case LATEST -> t % 2 == 1 ? -1 : t - t % 4;
            case NEAREST -> t - t % PERIOD;
        };
    }

    @Override
    public long samples() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int validationBatches(int rows) {
        return 1;
    }

    /** Rows of their own, which no step trains on. */
    @Override
    public Score validate(Transformer transformer, Device device, int rows, int batch) {
        TokenBatch heldOut = batch(Long.MAX_VALUE - batch, rows);
        return new Score(Perplexity.nats(transformer, device, heldOut), heldOut.targets());
    }

    @Override
    public String fingerprint() {
        return toString();
    }
}
