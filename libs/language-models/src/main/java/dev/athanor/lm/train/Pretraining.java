package dev.athanor.lm.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.libtorch.FusedCrossEntropy;
import dev.athanor.libtorch.RngState;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.SampleOrder;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.data.TokenWindows;
import dev.athanor.lm.model.Transformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Trains a language model to predict the next token. A run is a pure function of (model, tokens, configuration): batch, learning
 * rate and random numbers of a step follow from its number, so that a run resumed from a checkpoint ends with the same bits, on one
 * kind of device with one number of threads. The clock decides nothing but, once, the number of steps under {@code maxMinutes},
 * which is stored before the first step.
 */
public final class Pretraining {

    private static final double AVERAGE_DECAY = 0.98;
    private static final int MEASURED_STEPS = 3;
    /** Of the minutes asked for, left for validation and checkpoints. */
    private static final double RESERVE = 0.05;

    private final LanguageModel model;
    private final TrainingConfig config;
    private final TokenWindows windows;
    private final @Nullable TokenStream validation;
    private final Checkpoints checkpoints;
    private final FusedCrossEntropy crossEntropy = new FusedCrossEntropy();

    /**
     * How a run ended.
     *
     * @param steps made, in all attempts
     * @param tokens seen
     * @param lossAverage moving average at the end
     * @param validationLoss mean nats per held-out token at the end; NaN without held-out tokens
     */
    public record Result(long steps, long tokens, double lossAverage, double validationLoss) {}

    /**
     * @param model is trained in place
     * @param tokens to train on
     * @param validation held-out tokens, or null
     * @param store where checkpoints go, and where an earlier attempt's are found
     * @param workFolder for files on their way to and from the store
     */
    public Pretraining(
            LanguageModel model,
            TrainingConfig config,
            TokenStream tokens,
            @Nullable TokenStream validation,
            CheckpointStore store,
            Path workFolder) {
        this.model = model;
        this.config = config;
        this.windows = new TokenWindows(tokens, model.config().context(), config.seed());
        this.validation = validation != null && validation.size() > 1 ? validation : null;
        this.checkpoints =
                new Checkpoints(store, workFolder, model.config() + " " + config + " tokens=" + tokens.size());
    }

    /**
     * Resumes from the newest checkpoint, if there is one, and trains to the end; the model then holds the trained weights.
     *
     * @throws InterruptedException as thrown by the listener, after a checkpoint was published
     * @throws ArithmeticException if the loss is no longer a number
     */
    public Result run(TrainingListener listener) throws IOException, InterruptedException {
        var options = new FusedAdamW.Options(config.beta1(), config.beta2(), 1e-8);
        try (var weights = new TrainedWeights(model.parameters(), config.precision(), config.weightDecay(), options)) {
            return new Attempt(weights, listener).run();
        }
    }

    /** One process's part of the run. */
    private final class Attempt {
        private final TrainedWeights weights;
        private final TrainingListener listener;
        private final Transformer transformer;

        Attempt(TrainedWeights weights, TrainingListener listener) {
            this.weights = weights;
            this.listener = listener;
            this.transformer = new Transformer(model.config(), weights.weights());
        }

        Result run() throws IOException, InterruptedException {
            Checkpoints.Progress resumed = checkpoints.resume(weights);
            long steps = plannedSteps();
            LearningRateSchedule schedule = config.schedule(steps);
            double ceiling =
                    Flops.matmulCeiling(model.device(), config.precision().type());
            double average = resumed.lossAverage();
            try (var batches = new BatchPrefetcher(step -> windows.shuffled(step, config.batchSize()), steps)) {
                for (long step = resumed.step(); step < steps; step++) {
                    checkStop(step, average);
                    long start = System.nanoTime();
                    TokenBatch batch = batches.take(step);
                    double waited = secondsSince(start);
                    double loss = forwardBackward(batch, step);
                    double learningRate = schedule.at(step);
                    double norm = weights.step(learningRate, config.clipNorm());
                    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                        throw new ArithmeticException("step " + (step + 1) + " has loss " + loss + " and gradient norm "
                                + norm + "; try a lower learning rate");
                    }
                    average = Double.isNaN(average) ? loss : AVERAGE_DECAY * average + (1 - AVERAGE_DECAY) * loss;
                    listener.step(metrics(
                            step, steps, loss, average, learningRate, norm, secondsSince(start), waited, ceiling));
                    afterStep(step + 1, steps, average);
                }
            }
            double validationLoss = validationLoss();
            if (validation != null) {
                listener.validated(steps, validationLoss);
            }
            weights.writeBack();
            return new Result(steps, steps * tokensPerStep(), average, validationLoss);
        }

        private void checkStop(long step, double average) throws IOException, InterruptedException {
            try {
                listener.checkStop();
            } catch (InterruptedException stop) {
                checkpoints.publish(new Checkpoints.Progress(step, average), weights);
                throw stop;
            }
        }

        private void afterStep(long done, long steps, double average) throws IOException {
            if (done == steps) {
                return;
            }
            if (validation != null && config.validateEvery() > 0 && done % config.validateEvery() == 0) {
                listener.validated(done, validationLoss());
            }
            if (config.checkpointEvery() > 0 && done % config.checkpointEvery() == 0) {
                checkpoints.publish(new Checkpoints.Progress(done, average), weights);
            }
        }

        /** Mean loss of the batch; gradients are left with the weights. */
        private double forwardBackward(TokenBatch batch, long step) {
            double sum = 0;
            int rows = config.microBatchSize();
            for (int row = 0; row < batch.rows(); row += rows) {
                try (NDManager manager = Devices.newManager(model.device());
                        Autograd.Scope recording = Autograd.record()) {
                    var shape = new Shape(rows, batch.length());
                    NDArray ids_BT = manager.create(rows(batch.inputs_BT(), row, batch.length()), shape);
                    NDArray targets_BT = manager.create(rows(batch.targets_BT(), row, batch.length()), shape);
                    NDArray hidden_BTC = hidden(ids_BT, step * batch.rows() + row);
                    sum += crossEntropy
                            .backward(hidden_BTC, transformer.output_VC(), null, targets_BT, tokensPerStep())
                            .sum();
                }
                weights.collectGradients();
            }
            return sum / tokensPerStep();
        }

        /** Random numbers follow from the number of the sequence: there is no generator state to keep. */
        private NDArray hidden(NDArray ids_BT, long sequence) {
            if (model.config().dropout() == 0) {
                return transformer.hidden(ids_BT, true);
            }
            long seed = SampleOrder.mix(config.seed() ^ SampleOrder.mix(sequence));
            return RngState.seeded(seed, () -> transformer.hidden(ids_BT, true));
        }

        private long[] rows(long[] values_BT, int row, int length) {
            return Arrays.copyOfRange(values_BT, row * length, (row + config.microBatchSize()) * length);
        }

        private double validationLoss() {
            return validation == null
                    ? Double.NaN
                    : Perplexity.of(
                                    transformer,
                                    model.device(),
                                    validation,
                                    config.microBatchSize(),
                                    config.validationTokens(),
                                    null)
                            .natsPerToken();
        }

        /** The number of steps of this run: as an earlier attempt settled, or by a measurement that changes no weight. */
        private long plannedSteps() throws IOException {
            if (config.maxMinutes() == 0) {
                return config.steps();
            }
            OptionalLong earlier = checkpoints.plannedSteps();
            if (earlier.isPresent()) {
                return earlier.getAsLong();
            }
            double seconds = Double.MAX_VALUE;
            for (int i = 0; i < MEASURED_STEPS; i++) {
                long start = System.nanoTime();
                forwardBackward(windows.shuffled(i, config.batchSize()), i);
                seconds = Math.min(seconds, secondsSince(start));
            }
            weights.forgetGradients();
            long affordable = (long) (config.maxMinutes() * 60 * (1 - RESERVE) / seconds) - MEASURED_STEPS;
            long steps = Math.clamp(affordable, 1, config.steps());
            checkpoints.publishPlannedSteps(steps);
            return steps;
        }

        private StepMetrics metrics(
                long step,
                long steps,
                double loss,
                double average,
                double learningRate,
                double norm,
                double seconds,
                double waited,
                double ceiling) {
            double tokensPerSecond = tokensPerStep() / seconds;
            double flops = Flops.perTrainedToken(model.config(), windows.length());
            return new StepMetrics(
                    step + 1,
                    steps,
                    loss,
                    average,
                    learningRate,
                    norm,
                    (step + 1) * tokensPerStep(),
                    seconds,
                    waited,
                    tokensPerSecond,
                    tokensPerSecond * flops / ceiling);
        }
    }

    private long tokensPerStep() {
        return (long) config.batchSize() * windows.length();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }
}
