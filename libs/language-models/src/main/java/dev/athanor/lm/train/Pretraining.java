package dev.athanor.lm.train;

import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.libtorch.MemoryStats;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.TokenBatch;
import dev.athanor.lm.data.TokenStream;
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
 * <p>Where the loss or a gradient is no number or the loss jumps far above where it has been, the run goes back to its last checkpoint
 * and leaves out the batch, a few times at most.
 */
public final class Pretraining {

    private static final Logger LOG = LoggerFactory.getLogger(Pretraining.class);
    /** Steps before which the trend of the loss says too little. */
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

    /**
     * How a run ended.
     *
     * @param steps made, in all attempts
     * @param tokens seen
     * @param lossAverage moving average at the end
     * @param validationLoss mean nats per held-out token, of the weights that the model holds now; NaN without held-out tokens
     * @param handedInStep after which the model had the weights that it holds now
     * @param skippedBatches left out because training broke down on them
     */
    public record Result(
            long steps,
            long tokens,
            double lossAverage,
            double validationLoss,
            long handedInStep,
            int skippedBatches) {}

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
     * @throws ArithmeticException if the loss or a gradient is no longer a number, or the loss jumps, and going back did not help
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
        private final Passes passes;
        private final Validation validation;
        private final double ceiling;
        private final boolean asksForEnergy;
        private final long begun = System.nanoTime();

        private long energyAskedAt = System.nanoTime();
        private boolean stopping;
        private @Nullable InterruptedException stop;
        private List<ConsumedBatches> consumed = List.of();

        Attempt(TrainedWeights weights, Checkpoints checkpoints, TrainingListener listener) {
            this.weights = weights;
            this.checkpoints = checkpoints;
            this.listener = listener;
            this.passes = new Passes(model, weights, config, team);
            this.validation = new Validation(objective, model.config(), model.device(), team, config.microBatchSize());
            this.ceiling =
                    Flops.matmulCeiling(model.device(), config.precision().type());
            this.asksForEnergy = team.firstOnMachine();
        }

        Result run() throws IOException, InterruptedException {
            if (policy.handIn() == CheckpointPolicy.HandIn.BEST && !validation.hasText()) {
                throw new IllegalArgumentException(
                        "there is no held-out text, expected some to hand in the best weights");
            }
            Checkpoints.Progress progress = checkpoints.resume(weights);
            long steps = plannedSteps(progress);
            var order = new BatchOrder(checkpoints.skippedBatches());
            if (progress.step() == 0 && config.checkpointEvery() > 0) {
                checkpoints.begin(progress, weights);
            }
            while (progress.step() < steps) {
                try {
                    progress = train(progress, steps, order);
                } catch (BrokenDown broken) {
                    progress = goBack(broken, order);
                }
            }
            progress = validate(progress);
            checkpoints.begin(progress, weights);
            checkpoints.finish();
            Checkpoints.Progress handedIn =
                    policy.handIn() == CheckpointPolicy.HandIn.BEST ? checkpoints.best(weights) : progress;
            weights.writeBack();
            // Nobody leaves while another still receives.
            team.sum(0);
            return new Result(
                    steps,
                    steps * tokensPerStep(),
                    progress.trend().mean(),
                    handedIn.validationLoss(),
                    handedIn.step(),
                    order.skipped().size());
        }

        private Checkpoints.Progress train(Checkpoints.Progress from, long steps, BatchOrder order)
                throws IOException, InterruptedException {
            LearningRateSchedule schedule = config.schedule(steps);
            Checkpoints.Progress now = from;
            consumed = from.consumed();
            if (isValidationDue(from.step()) && Double.isNaN(from.validationLoss())) {
                // The attempt before was stopped in the validation.
                now = afterStep(from, steps);
            }
            try (var batches =
                    new BatchPrefetcher(step -> objective.batch(order.of(step), config.batchSize()), steps)) {
                for (long step = from.step(); step < steps; step++) {
                    checkStop(now);
                    long start = System.nanoTime();
                    TokenBatch batch = batches.take(step);
                    double waited = secondsSince(start);
                    Passes.Losses own = passes.of(batch, step);
                    weights.passesDone();
                    Agreed all = agree(own, batch);
                    checkLoss(step, all.loss(), now.trend());
                    double learningRate = schedule.at(step);
                    long number = step + 1;
                    double norm = weights.step(
                            learningRate,
                            config.clipNorm(),
                            listener.wantsGradients(number)
                                    ? statistics -> listener.gradients(number, statistics)
                                    : null);
                    if (Double.isFinite(norm)) {
                        weights.average(number);
                    } else if (!weights.mayOverflow()) {
                        throw new BrokenDown(step, "gradient norm " + norm);
                    }
                    consumed = ConsumedBatches.plus(consumed, ledger.generation(), order.of(step));
                    if (team.isFirst()) {
                        ledger.consumed(order.of(step));
                    }
                    now = new Checkpoints.Progress(number, now.trend().plus(all.loss()), Double.NaN, consumed);
                    if (!passes.expertShares().isEmpty()) {
                        listener.experts(number, passes.expertShares());
                    }
                    double seconds = secondsSince(start);
                    listener.step(new StepMetrics(
                            number,
                            steps,
                            all.loss(),
                            all.tokenLoss(),
                            all.sentenceLoss(),
                            now.trend().mean(),
                            learningRate,
                            norm,
                            number * tokensPerStep(),
                            seconds,
                            waited,
                            tokensPerStep() / seconds,
                            mfu(seconds),
                            all.energy(),
                            MemoryStats.now().residentBytes(),
                            MemoryStats.gpu(model.device()).allocatedBytes()));
                    now = afterStep(now, steps);
                }
            }
            return now;
        }

        /** What all processes together found in a step; see {@link StepMetrics}. */
        private record Agreed(double loss, double tokenLoss, double sentenceLoss, double energy) {}

        /** The losses over all processes; whether one of them is to stop is learned on the way. */
        private Agreed agree(Passes.Losses own, TokenBatch batch) {
            double joules = 0;
            if (asksForEnergy) {
                joules = listener.energyJoules(secondsSince(energyAskedAt));
                energyAskedAt = System.nanoTime();
            }
            double[] all = {own.tokens(), own.sentences(), joules, 0};
            if (!team.alone()) {
                noticeStop();
                all[3] = stop == null ? 0 : 1;
                all = team.sum(all);
                stopping = all[3] > 0;
            }
            return new Agreed(
                    all[0] + all[1],
                    batch.targets() == 0 ? Double.NaN : all[0],
                    batch.nextSentence_B() == null ? Double.NaN : all[1],
                    all[2]);
        }

        private void noticeStop() {
            try {
                listener.checkStop();
            } catch (InterruptedException e) {
                stop = e;
            }
        }

        private void checkLoss(long step, double loss, LossTrend trend) {
            boolean jump = step >= SETTLING_STEPS && trend.jumpsTo(loss);
            String what = "loss " + loss + ", average " + trend.mean() + ", deviation " + trend.deviation();
            if (jump && config.checkpointEvery() == 0) {
                // There is nothing to go back to; most runs recover by themselves.
                LOG.warn("step {}: {}", step + 1, what);
            } else if (jump || !Double.isFinite(loss)) {
                weights.forgetGradients();
                throw new BrokenDown(step, what);
            }
        }

        private Checkpoints.Progress goBack(BrokenDown broken, BatchOrder order) throws IOException {
            long batch = order.of(broken.step);
            String what = "training broke down in step " + (broken.step + 1) + ": " + broken.getMessage();
            if (order.skipped().size() >= config.maxSkipped() || config.checkpointEvery() == 0) {
                throw new ArithmeticException(what + "; "
                        + (config.checkpointEvery() == 0
                                ? "there are no checkpoints to go back to"
                                : config.maxSkipped() + " batches were left out already")
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
        private void checkStop(Checkpoints.Progress now) throws IOException, InterruptedException {
            if (team.alone()) {
                noticeStop();
                stopping = stop != null;
            }
            if (stopping) {
                stop(now);
            }
        }

        private void stop(Checkpoints.Progress now) throws IOException, InterruptedException {
            checkpoints.begin(now, weights);
            checkpoints.finish();
            if (stop != null) {
                throw stop;
            }
            throw new PeerStoppedException(now.step());
        }

        private Checkpoints.Progress afterStep(Checkpoints.Progress done, long steps)
                throws IOException, InterruptedException {
            long step = done.step();
            if (step == steps) {
                return done;
            }
            boolean validates = isValidationDue(step);
            Checkpoints.Progress now = validates ? validate(done) : done;
            boolean due = config.checkpointEvery() > 0 && step % config.checkpointEvery() == 0;
            if (due || (validates && policy.keepBest() > 0)) {
                checkpoints.begin(now, weights);
            }
            return now;
        }

        private boolean isValidationDue(long step) {
            return step > 0 && config.validateEvery() > 0 && step % config.validateEvery() == 0 && validation.hasText();
        }

        /** Or stops, at a checkpoint without a validation, which is then made up for. */
        private Checkpoints.Progress validate(Checkpoints.Progress done) throws IOException, InterruptedException {
            if (!validation.hasText()) {
                return done;
            }
            Validation.Losses losses = validation.score(weights, () -> {
                noticeStop();
                return stop != null;
            });
            if (losses == null) {
                stop(done);
                throw new IllegalStateException("training did not stop");
            }
            if (!Double.isNaN(losses.sentenceLoss())) {
                listener.sentencesValidated(done.step(), losses.sentenceLoss());
            }
            listener.validated(done.step(), losses.loss());
            return done.validated(losses.loss());
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
            checkStop(progress);
            double[] slowest =
                    team.max(step, validation.trial(weights), checkpoints.trial(weights), secondsSince(begun));
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
                TokenBatch batch = objective.batch(step, config.batchSize());
                Passes.Losses own = passes.of(batch, step);
                weights.passesDone();
                agree(own, batch);
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
            double flops = tokensPerStep() * Flops.perTrainedToken(model.config(), objective.length());
            return Flops.utilization(flops, seconds, ceiling, team.size());
        }
    }

    private long tokensPerStep() {
        return (long) config.batchSize() * objective.length();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }
}
