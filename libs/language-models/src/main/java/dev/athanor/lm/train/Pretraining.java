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
import dev.athanor.lm.data.SampleOrder;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
import dev.athanor.lm.model.Heads;
import dev.athanor.lm.model.Transformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a language model. A run is a pure function of (model, data, configuration): batch, learning rate and random numbers of a
 * step follow from its number, so that a run resumed from a checkpoint ends with the same bits, on one kind of device with one
 * number of threads. The clock decides nothing but, once, the number of steps under {@code maxMinutes}, which is stored before the
 * first step.
 *
 * <p>Where the loss is no number or jumps far above its average, the run goes back to its last checkpoint and leaves out the batch,
 * a few times at most.
 */
public final class Pretraining {

    private static final Logger LOG = LoggerFactory.getLogger(Pretraining.class);
    private static final double AVERAGE_DECAY = 0.98;
    private static final int MAX_SKIPPED = 3;
    /** Steps before which the average says too little. */
    private static final int SETTLING_STEPS = 20;

    private final LanguageModel model;
    private final TrainingConfig config;
    private final Objective objective;
    private final CheckpointStore store;
    private final Path workFolder;
    private CheckpointPolicy policy = CheckpointPolicy.DEFAULTS;
    private DataParallel team = DataParallel.ALONE;
    private TrainingLedger ledger = TrainingLedger.NONE;
    private long bucketsSentEarly;
    private final FusedCrossEntropy crossEntropy = new FusedCrossEntropy();

    /**
     * How a run ended.
     *
     * @param steps made, in all attempts
     * @param tokens seen
     * @param lossAverage moving average at the end
     * @param validationLoss mean nats per held-out token at the end; NaN without held-out tokens
     * @param skippedBatches left out because training broke down on them
     */
    public record Result(long steps, long tokens, double lossAverage, double validationLoss, int skippedBatches) {}

    /**
     * @param model is trained in place
     * @param store where checkpoints go, and where an earlier attempt's are found
     * @param workFolder for files on their way to and from the store
     */
    public Pretraining(
            LanguageModel model, TrainingConfig config, Objective objective, CheckpointStore store, Path workFolder) {
        if (config.precision() == Precision.FP16 && !model.device().isGpu()) {
            throw new IllegalArgumentException("training precision is fp16 on " + model.device()
                    + ", expected a GPU: a processor has no fast arithmetic for it; use bf16 or fp32");
        }
        this.model = model;
        this.config = config;
        this.objective = objective;
        this.store = store;
        this.workFolder = workFolder;
    }

    /**
     * Trains to predict the next token, over windows of the model's whole context.
     *
     * @param validation held-out tokens, or null
     */
    public Pretraining(
            LanguageModel model,
            TrainingConfig config,
            TokenStream tokens,
            @Nullable TokenStream validation,
            CheckpointStore store,
            Path workFolder) {
        this(
                model,
                config,
                new CausalObjective(
                        tokens, model.config().context(), config.seed(), validation, config.validationTokens()),
                store,
                workFolder);
    }

    /** How checkpoints are kept. */
    public Pretraining keeping(CheckpointPolicy checkpoints) {
        this.policy = checkpoints;
        return this;
    }

    /**
     * Trains as one of several processes, which share the checkpoint store and were given the same model, configuration and data.
     * {@link #run} then throws {@link PeerLostException} when another is gone, and {@link PeerStoppedException} when another was
     * stopped.
     */
    public Pretraining together(DataParallel processes) {
        this.team = processes;
        return this;
    }

    /** Keeps account in {@code account}. */
    public Pretraining accountingTo(TrainingLedger account) {
        this.ledger = account;
        return this;
    }

    /**
     * Resumes from the newest checkpoint, if there is one, and trains to the end; the model then holds the trained weights.
     *
     * @throws InterruptedException as thrown by the listener, after a checkpoint was published
     * @throws ArithmeticException if the loss is no longer a number, or jumps, and going back did not help
     */
    public Result run(TrainingListener listener) throws IOException, InterruptedException {
        var options = new FusedAdamW.Options(config.beta1(), config.beta2(), 1e-8);
        String fingerprint = model.config() + " " + config + " " + objective.fingerprint();
        try (var weights = new TrainedWeights(
                        model.parameters(),
                        config.precision(),
                        config.weightDecay(),
                        options,
                        team,
                        BackwardOrder.of(model.config()));
                var checkpoints = new Checkpoints(store, workFolder, fingerprint, policy, team, ledger)) {
            if (config.averageDecay() > 0) {
                weights.keepAverage(config.averageDecay());
            }
            Result result = new Attempt(weights, checkpoints, listener).run();
            bucketsSentEarly = weights.bucketsSentEarly();
            return result;
        }
    }

    /** Of a run that has ended: parts of gradients that were sent while the backward pass went on. */
    long bucketsSentEarly() {
        return bucketsSentEarly;
    }

    /** The step whose loss or gradient showed that training has broken down. */
    @SuppressWarnings("serial")
    private static final class BrokenDown extends RuntimeException {
        final transient long step;

        BrokenDown(long step, String message) {
            super(message);
            this.step = step;
        }
    }

    /** One process's part of the run. */
    private final class Attempt {
        private final TrainedWeights weights;
        private final Checkpoints checkpoints;
        private final TrainingListener listener;
        private final Transformer transformer;
        private final Validation validation;
        private final double ceiling;
        private final long begun = System.nanoTime();

        private boolean stopping;
        private @Nullable InterruptedException stop;
        private List<ConsumedBatches> consumed = List.of();
        /** Of the last micro-batch. */
        private List<double[]> expertShares = List.of();

        Attempt(TrainedWeights weights, Checkpoints checkpoints, TrainingListener listener) {
            this.weights = weights;
            this.checkpoints = checkpoints;
            this.listener = listener;
            this.transformer = new Transformer(model.config(), weights.weights());
            this.validation = new Validation(objective, transformer, model.device(), config.microBatchSize(), team);
            this.ceiling =
                    Flops.matmulCeiling(model.device(), config.precision().type());
        }

        Result run() throws IOException, InterruptedException {
            Checkpoints.Progress progress = checkpoints.resume(weights);
            long steps = plannedSteps(progress);
            var order = new BatchOrder(checkpoints.skippedBatches());
            if (progress.step() == 0 && config.checkpointEvery() > 0) {
                checkpoints.begin(progress, Double.NaN, weights);
            }
            while (progress.step() < steps) {
                try {
                    progress = train(progress, steps, order);
                } catch (BrokenDown broken) {
                    progress = goBack(broken, order);
                }
            }
            double validationLoss = validate(steps);
            checkpoints.begin(progress, validationLoss, weights);
            checkpoints.finish();
            weights.writeBack();
            // Nobody leaves while another still receives.
            team.sum(0);
            return new Result(
                    steps,
                    steps * tokensPerStep(),
                    progress.lossAverage(),
                    validationLoss,
                    order.skipped().size());
        }

        private Checkpoints.Progress train(Checkpoints.Progress from, long steps, BatchOrder order)
                throws IOException, InterruptedException {
            LearningRateSchedule schedule = config.schedule(steps);
            double average = from.lossAverage();
            consumed = from.consumed();
            try (var batches =
                    new BatchPrefetcher(step -> objective.batch(order.of(step), config.batchSize()), steps)) {
                for (long step = from.step(); step < steps; step++) {
                    checkStop(step, average);
                    long start = System.nanoTime();
                    TokenBatch batch = batches.take(step);
                    double waited = secondsSince(start);
                    double own = forwardBackward(batch, step);
                    weights.passesDone();
                    double loss = agree(own);
                    checkLoss(step, loss, average);
                    double learningRate = schedule.at(step);
                    long number = step + 1;
                    double norm = weights.step(
                            learningRate,
                            config.clipNorm(),
                            listener.wantsGradientNorms(number)
                                    ? norms -> listener.gradientNorms(number, norms)
                                    : null);
                    if (!Double.isFinite(norm) && !weights.mayOverflow()) {
                        throw new BrokenDown(step, "gradient norm " + norm);
                    }
                    consumed = ConsumedBatches.plus(consumed, ledger.generation(), order.of(step));
                    if (team.isFirst()) {
                        ledger.consumed(order.of(step));
                    }
                    average = Double.isNaN(average) ? loss : AVERAGE_DECAY * average + (1 - AVERAGE_DECAY) * loss;
                    double seconds = secondsSince(start);
                    listener.step(new StepMetrics(
                            step + 1,
                            steps,
                            loss,
                            average,
                            learningRate,
                            norm,
                            (step + 1) * tokensPerStep(),
                            seconds,
                            waited,
                            tokensPerStep() / seconds,
                            mfu(seconds)));
                    if (!expertShares.isEmpty()) {
                        listener.experts(step + 1, expertShares);
                    }
                    afterStep(step + 1, steps, average);
                }
            }
            return new Checkpoints.Progress(steps, average, consumed);
        }

        /** The loss over all processes; whether one of them is to stop is learned on the way. */
        private double agree(double loss) {
            if (team.alone()) {
                return loss;
            }
            noticeStop();
            double[] all = team.sum(loss, stop == null ? 0 : 1);
            stopping = all[1] > 0;
            return all[0];
        }

        private void noticeStop() {
            try {
                listener.checkStop();
            } catch (InterruptedException e) {
                stop = e;
            }
        }

        private void checkLoss(long step, double loss, double average) {
            boolean jump = step >= SETTLING_STEPS && loss > 1.5 * average + 2;
            if (!Double.isFinite(loss) || jump) {
                weights.forgetGradients();
                throw new BrokenDown(step, "loss " + loss + ", average " + average);
            }
        }

        private Checkpoints.Progress goBack(BrokenDown broken, BatchOrder order) throws IOException {
            long batch = order.of(broken.step);
            String what = "training broke down in step " + (broken.step + 1) + ": " + broken.getMessage();
            if (order.skipped().size() == MAX_SKIPPED || config.checkpointEvery() == 0) {
                throw new ArithmeticException(what + "; "
                        + (config.checkpointEvery() == 0
                                ? "there are no checkpoints to go back to"
                                : MAX_SKIPPED + " batches were left out already")
                        + ". Try a lower learning rate, a longer warm-up or stronger clipping");
            }
            order.skipped().add(batch);
            checkpoints.publishSkippedBatches(order.skipped());
            Checkpoints.Progress progress = checkpoints.resume(weights);
            LOG.warn("{}; going back to step {} and leaving out batch {}", what, progress.step(), batch);
            listener.rolledBack(broken.step + 1, progress.step(), what);
            return progress;
        }

        /** Several processes stop together, after the step in which one of them was told to. */
        private void checkStop(long step, double average) throws IOException, InterruptedException {
            if (team.alone()) {
                noticeStop();
                stopping = stop != null;
            }
            if (!stopping) {
                return;
            }
            checkpoints.begin(new Checkpoints.Progress(step, average, consumed), Double.NaN, weights);
            checkpoints.finish();
            if (stop != null) {
                throw stop;
            }
            throw new PeerStoppedException(step);
        }

        private void afterStep(long done, long steps, double average) throws IOException {
            if (done == steps) {
                return;
            }
            double validationLoss =
                    config.validateEvery() > 0 && done % config.validateEvery() == 0 ? validate(done) : Double.NaN;
            if (config.checkpointEvery() > 0 && done % config.checkpointEvery() == 0) {
                checkpoints.begin(new Checkpoints.Progress(done, average, consumed), validationLoss, weights);
            }
        }

        private double validate(long done) {
            double loss = validation.loss();
            if (!Double.isNaN(loss)) {
                listener.validated(done, loss);
            }
            return loss;
        }

        /**
         * Mean loss over the batch's targets, as far as they fall to this process; gradients are left with the weights, or sent to
         * the other processes as soon as they are complete.
         */
        private double forwardBackward(TokenBatch batch, long step) {
            long targets = Math.max(1, batch.targets());
            double loss = 0;
            int rows = config.microBatchSize();
            int parts = batch.rows() / rows;
            int end = team.firstOf(team.rank() + 1, parts);
            for (int part = team.firstOf(team.rank(), parts); part < end; part++) {
                int row = part * rows;
                loss += forwardBackward(
                        batch.slice(row, rows),
                        step * batch.rows() + row,
                        targets,
                        (double) rows / batch.rows(),
                        part == end - 1);
                weights.collectGradients();
            }
            return loss;
        }

        /** Random numbers follow from the number of the sequence: there is no generator state to keep. */
        private Transformer.Output forward(Transformer.Input input, long sequence) {
            if (model.config().dropout() == 0) {
                return transformer.forward(input);
            }
            long seed = SampleOrder.mix(config.seed() ^ SampleOrder.mix(sequence));
            return RngState.seeded(seed, () -> transformer.forward(input));
        }

        /**
         * @param sequence number of the part's first
         * @param targets of the whole batch
         * @param share of this part in the whole batch
         * @param last of this process in the step
         */
        private double forwardBackward(TokenBatch part, long sequence, long targets, double share, boolean last) {
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
                if (part.nextSentence_B() == null) {
                    return tokenLoss(output.hidden_BTC(), targets_BT, targets);
                }
                // Both losses leave their gradients with a copy of the hidden states, from which one backward pass goes
                // down.
                NDArray hidden_BTC = output.hidden_BTC();
                NDArray top_BTC = hidden_BTC.stopGradient();
                top_BTC.setRequiresGradient(true);
                NDArray classes_B1 = manager.create(part.nextSentence_B(), new Shape(part.rows(), 1));
                NDArray sentenceLoss = transformer
                        .heads()
                        .nextSentence(top_BTC)
                        .logSoftmax(-1)
                        .gather(classes_B1, 1)
                        .mean()
                        .mul(-share);
                Autograd.backward(sentenceLoss.mul(weights.lossScale()));
                double loss = tokenLoss(top_BTC, targets_BT, targets);
                Autograd.backward(hidden_BTC, top_BTC.getGradient());
                return loss
                        + sentenceLoss
                                .toType(ai.djl.ndarray.types.DataType.FLOAT32, false)
                                .getFloat();
            }
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

        /** The number of steps of this run: as an earlier attempt settled, or by a rehearsal that changes no weight. */
        private long plannedSteps(Checkpoints.Progress progress) throws IOException, InterruptedException {
            if (config.maxMinutes() == 0) {
                return config.steps();
            }
            long earlier = team.ofFirst(checkpoints.plannedSteps().orElse(-1));
            if (earlier > 0) {
                return earlier;
            }
            var budget = new StepBudget(config.maxMinutes() * 60);
            double step = rehearse(budget);
            weights.endRehearsal();
            if (progress.step() > 0) {
                checkpoints.resume(weights);
            }
            consumed = progress.consumed();
            checkStop(progress.step(), progress.lossAverage());
            double[] slowest = team.max(step, validation.trial(), checkpoints.trial(weights), secondsSince(begun));
            double aStep = slowest[0]
                    + (config.validateEvery() == 0 ? 0 : slowest[1] / config.validateEvery())
                    + (config.checkpointEvery() == 0 ? 0 : slowest[2] / config.checkpointEvery());
            double once = slowest[1] + slowest[2] * (config.checkpointEvery() == 0 ? 1 : 2);
            long steps = budget.steps(slowest[3], aStep, once, config.steps());
            LOG.info(
                    "{} of {} steps fit {} minutes, at {} s a step", steps, config.steps(), config.maxMinutes(), aStep);
            checkpoints.publishPlannedSteps(steps);
            return steps;
        }

        /** Whole steps at a learning rate of 0, as many for each process; ends early where one of them is to stop. */
        private double rehearse(StepBudget budget) {
            for (long step = 0; !stopping && team.ofFirst(budget.wantsMore(secondsSince(begun)) ? 1 : 0) == 1; step++) {
                long start = System.nanoTime();
                double own = forwardBackward(objective.batch(step, config.batchSize()), step);
                weights.passesDone();
                agree(own);
                weights.rehearse(config.clipNorm());
                budget.add(secondsSince(start));
                if (team.alone()) {
                    noticeStop();
                    stopping = stop != null;
                }
            }
            return budget.secondsAStep();
        }

        private double mfu(double seconds) {
            return tokensPerStep() * Flops.perTrainedToken(model.config(), objective.length()) / seconds / ceiling;
        }
    }

    private long tokensPerStep() {
        return (long) config.batchSize() * objective.length();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }
}
