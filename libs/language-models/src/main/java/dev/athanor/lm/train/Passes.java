package dev.athanor.lm.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedCrossEntropy;
import dev.athanor.libtorch.RngState;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.SampleOrder;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.model.Heads;
import dev.athanor.lm.model.Transformer;
import java.util.List;

/**
 * The forward and backward passes of a step, over the micro-batches that fall to this process. Shapes as in {@link Transformer}.
 */
final class Passes {

    private final LanguageModel model;
    private final TrainedWeights weights;
    private final TrainingConfig config;
    private final DataParallel team;
    private final Transformer transformer;
    private final FusedCrossEntropy crossEntropy = new FusedCrossEntropy();
    private List<double[]> expertShares = List.of();

    /** Losses, in nats, of tokens and of sentence pairs, each 0 where there are none. */
    record Losses(double tokens, double sentences) {

        private Losses plus(Losses other) {
            return new Losses(tokens + other.tokens, sentences + other.sentences);
        }
    }

    Passes(LanguageModel model, TrainedWeights weights, TrainingConfig config, DataParallel team) {
        this.model = model;
        this.weights = weights;
        this.config = config;
        this.team = team;
        this.transformer = new Transformer(model.config(), weights.weights());
    }

    /** By layer, the experts' shares of the tokens of the last micro-batch; empty without experts. */
    List<double[]> expertShares() {
        return expertShares;
    }

    /**
     * Mean losses over the batch's targets, as far as they fall to this process; gradients are left with the weights, or sent to the
     * other processes as soon as they are complete.
     */
    Losses of(TokenBatch batch, long step) {
        long targets = Math.max(1, batch.targets());
        var losses = new Losses(0, 0);
        int rows = config.microBatchSize();
        int parts = batch.rows() / rows;
        int end = team.firstOf(team.rank() + 1, parts);
        for (int part = team.firstOf(team.rank(), parts); part < end; part++) {
            int row = part * rows;
            losses = losses.plus(of(
                    batch.slice(row, rows),
                    step * batch.rows() + row,
                    targets,
                    (double) rows / batch.rows(),
                    part == end - 1));
            weights.collectGradients();
        }
        return losses;
    }

    /**
     * @param sequence number of the part's first
     * @param targets of the whole batch
     * @param share of this part in the whole batch
     * @param last of this process in the step
     */
    private Losses of(TokenBatch part, long sequence, long targets, double share, boolean last) {
        try (NDManager manager = Devices.newManager(model.device());
                Autograd.Scope recording = Autograd.record()) {
            var shape = new Shape(part.rows(), part.length());
            NDArray ids_BT = manager.create(part.inputs_BT(), shape);
            NDArray targets_BT = manager.create(part.targets_BT(), shape);
            NDArray segments_BT = part.segments_BT() == null ? null : manager.create(part.segments_BT(), shape);
            Transformer.Output output = forward(
                    new Transformer.Input(
                            ids_BT, null, segments_BT, part.documents_BT(), true, config.recompute(), null),
                    sequence);
            expertShares = output.expertShares();
            if (output.auxiliaryLoss() != null) {
                NDArray auxiliary = output.auxiliaryLoss().mul(share * weights.lossScale());
                Autograd.backwardRetainingGraph(auxiliary, auxiliary.onesLike());
            }
            if (last) {
                weights.expectLast();
            }
            NDArray hidden_BTC = output.hidden_BTC();
            if (part.nextSentence_B() == null) {
                return new Losses(tokenLoss(hidden_BTC, targets_BT, targets), 0);
            }
            NDArray classes_B1 = manager.create(part.nextSentence_B(), new Shape(part.rows(), 1));
            return bothLosses(hidden_BTC, targets_BT, classes_B1, targets, share);
        }
    }

    /** Random numbers follow from the number of the sequence: there is no generator state to keep. */
    private Transformer.Output forward(Transformer.Input input, long sequence) {
        if (model.config().dropout() == 0) {
            return transformer.forward(input);
        }
        long seed = SampleOrder.mix(config.seed() ^ SampleOrder.mix(sequence));
        return RngState.seeded(seed, () -> transformer.forward(input));
    }

    /** Both losses leave their gradients with a copy of the hidden states, from which one backward pass goes down. */
    private Losses bothLosses(NDArray hidden_BTC, NDArray targets_BT, NDArray classes_B1, long targets, double share) {
        NDArray top_BTC = hidden_BTC.stopGradient();
        top_BTC.setRequiresGradient(true);
        NDArray sentenceLoss = transformer
                .heads()
                .nextSentence(top_BTC)
                .toType(DataType.FLOAT32, false)
                .logSoftmax(-1)
                .gather(classes_B1, 1)
                .mean()
                .mul(-share);
        Autograd.backward(sentenceLoss.mul(weights.lossScale()));
        double tokenLoss = tokenLoss(top_BTC, targets_BT, targets);
        Autograd.backward(hidden_BTC, top_BTC.getGradient());
        return new Losses(
                tokenLoss, sentenceLoss.toType(DataType.FLOAT32, false).getFloat());
    }

    private double tokenLoss(NDArray hidden_BTC, NDArray targets_BT, long targets) {
        Heads heads = transformer.heads();
        return crossEntropy
                        .backward(
                                heads.features(hidden_BTC),
                                heads.output_VC(),
                                heads.outputBias_V(),
                                targets_BT,
                                targets / weights.lossScale())
                        .sum()
                / targets;
    }
}
