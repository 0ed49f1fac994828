package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedCrossEntropy;
import dev.athanor.lm.Devices;
import dev.athanor.lm.data.SampleRows;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.model.Heads;
import dev.athanor.lm.model.Transformer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Hidden tokens are predicted from all the others; with sentence pairs, also whether the second follows the first. */
public final class MaskedObjective implements Objective {

    private final SampleRows windows;
    private final @Nullable SampleRows validation;
    private final long validationTokens;

    /**
     * @param windows with hidden tokens, sentence pairs or both
     * @param validation held-out windows, always masked alike; or null
     * @param validationTokens in the windows scored at each validation, at most
     */
    public MaskedObjective(SampleRows windows, @Nullable SampleRows validation, long validationTokens) {
        this.windows = windows;
        this.validation = validation;
        this.validationTokens = validationTokens;
    }

    @Override
    public int length() {
        return windows.length();
    }

    @Override
    public long samples() {
        return windows.count();
    }

    @Override
    public TokenBatch batch(long step, int rows) {
        return windows.shuffled(step, rows);
    }

    private static long validationRows(SampleRows windows, long tokens) {
        return Math.min(windows.count(), Math.max(1, tokens / windows.length()));
    }

    @Override
    public int validationBatches(int rows) {
        return validation == null
                ? 0
                : Math.toIntExact((validationRows(validation, validationTokens) + rows - 1) / rows);
    }

    @Override
    public Score validate(Transformer transformer, Device device, int rows, int batch) {
        SampleRows heldOut = Objects.requireNonNull(validation);
        long first = (long) batch * rows;
        TokenBatch tokens =
                heldOut.inOrder(first, (int) Math.min(rows, validationRows(heldOut, validationTokens) - first));
        if (tokens.targets() == 0 && tokens.nextSentence_B() == null) {
            // Packed rows that are nearly empty may have nothing hidden.
            return new Score(0, 0);
        }
        return score(transformer, device, tokens);
    }

    private static Score score(Transformer transformer, Device device, TokenBatch batch) {
        try (NDManager manager = Devices.newManager(device);
                Autograd.Scope noGrad = Autograd.noGrad()) {
            var shape = new Shape(batch.rows(), batch.length());
            NDArray ids_BT = manager.create(batch.inputs_BT(), shape);
            NDArray segments_BT = batch.segments_BT() == null ? null : manager.create(batch.segments_BT(), shape);
            NDArray hidden_BTC = transformer
                    .forward(new Transformer.Input(ids_BT, null, segments_BT, batch.documents_BT(), false, false, null))
                    .hidden_BTC();
            Heads heads = transformer.heads();
            double nats = 0;
            if (batch.targets() > 0) {
                NDArray targets_BT = manager.create(batch.targets_BT(), shape);
                NDArray losses_BT = new FusedCrossEntropy()
                        .perToken(heads.features(hidden_BTC), heads.output_VC(), heads.outputBias_V(), targets_BT);
                for (float loss : losses_BT.toFloatArray()) {
                    nats += loss;
                }
            }
            long[] classes_B = batch.nextSentence_B();
            return classes_B == null
                    ? new Score(nats, batch.targets())
                    : new Score(
                            nats,
                            batch.targets(),
                            sentenceNats(heads.nextSentence(hidden_BTC), classes_B),
                            batch.rows());
        }
    }

    private static double sentenceNats(NDArray logits_B2, long[] classes_B) {
        NDArray classes_B1 = logits_B2.getManager().create(classes_B, new Shape(classes_B.length, 1));
        return -logits_B2
                .toType(DataType.FLOAT32, false)
                .logSoftmax(-1)
                .gather(classes_B1, 1)
                .sum()
                .getFloat();
    }

    @Override
    public String fingerprint() {
        return "masked " + windows.fingerprint();
    }
}
