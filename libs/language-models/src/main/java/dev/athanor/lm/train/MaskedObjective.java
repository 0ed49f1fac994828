package dev.athanor.lm.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedCrossEntropy;
import dev.athanor.lm.Devices;
import dev.athanor.lm.data.MaskedWindows;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.model.Heads;
import dev.athanor.lm.model.Transformer;
import org.jspecify.annotations.Nullable;

/** Hidden tokens are predicted from all the others; with sentence pairs, also whether the second follows the first. */
public final class MaskedObjective implements Objective {

    private final MaskedWindows windows;
    private final @Nullable MaskedWindows validation;
    private final long validationTokens;

    /**
     * @param validation held-out windows, always masked alike; or null
     * @param validationTokens in the windows scored at each validation, at most
     */
    public MaskedObjective(MaskedWindows windows, @Nullable MaskedWindows validation, long validationTokens) {
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

    @Override
    public boolean canValidate() {
        return validation != null;
    }

    @Override
    public double validationLoss(Transformer transformer, Device device, int rows) {
        if (validation == null) {
            return Double.NaN;
        }
        double nats = 0;
        long targets = 0;
        long count = Math.min(validation.count(), Math.max(1, validationTokens / validation.length()));
        for (long first = 0; first < count; first += rows) {
            TokenBatch batch = validation.inOrder(first, (int) Math.min(rows, count - first));
            nats += nats(transformer, device, batch);
            targets += batch.targets();
        }
        return nats / targets;
    }

    private static double nats(Transformer transformer, Device device, TokenBatch batch) {
        try (NDManager manager = Devices.newManager(device);
                Autograd.Scope noGrad = Autograd.noGrad()) {
            var shape = new Shape(batch.rows(), batch.length());
            NDArray ids_BT = manager.create(batch.inputs_BT(), shape);
            NDArray targets_BT = manager.create(batch.targets_BT(), shape);
            NDArray segments_BT = batch.segments_BT() == null ? null : manager.create(batch.segments_BT(), shape);
            NDArray hidden_BTC = transformer
                    .forward(new Transformer.Input(ids_BT, null, segments_BT, batch.documents_BT(), false, false, null))
                    .hidden_BTC();
            Heads heads = transformer.heads();
            NDArray losses_BT = new FusedCrossEntropy()
                    .perToken(heads.features(hidden_BTC), heads.output_VC(), heads.outputBias_V(), targets_BT);
            double sum = 0;
            for (float loss : losses_BT.toFloatArray()) {
                sum += loss;
            }
            return sum;
        }
    }

    @Override
    public String fingerprint() {
        return "masked " + windows.fingerprint();
    }
}
