package dev.athanor.finetune.classifier;

import dev.athanor.contracts.spec.FinetuneSpec;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.scores.ConfusionMatrix;
import dev.athanor.lm.scores.Probabilities;
import dev.athanor.lm.train.StepBudget;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Trains a classifier epoch by epoch until the epochs, the patience or the time are used up. Batches, learning rates and
 * dropout follow from the seed and the step, so a run that goes on from the end of an epoch ends with the same bytes as one
 * that was never stopped. The clock decides nothing but, once, the number of steps under {@code maxMinutes}, which is kept
 * before the first step.
 */
final class FineTuning {

    /** Steps rehearsed together, over different lengths. */
    private static final int ROUND = 4;
    /** Batches of held-out texts that a rehearsal scores. */
    private static final int SCORED = 4;

    private final FinetuneSpec spec;
    private final TokenizedExamples train;
    private final TokenizedExamples validation;
    private final LengthBuckets buckets;
    private final TrainingFiles files;
    private final Listener listener;

    /** Hears how training goes, on its thread. */
    interface Listener {
        /** @param loss mean nats of the batch */
        void step(int step, int steps, double loss, double learningRate);

        void epoch(History history);

        void checkStop() throws InterruptedException;
    }

    FineTuning(
            FinetuneSpec spec,
            long seed,
            TokenizedExamples train,
            TokenizedExamples validation,
            TrainingFiles files,
            Listener listener) {
        this.spec = spec;
        this.train = train;
        this.validation = validation;
        this.files = files;
        this.listener = listener;
        this.buckets = new LengthBuckets(
                IntStream.range(0, train.size())
                        .map(i -> train.tokens()[i].length)
                        .toArray(),
                spec.batchSize(),
                seed);
    }

    /**
     * @param untrained makes a classifier with a new head, the same each time; to be closed here
     * @return what happened; the best epoch's classifier is with the files
     */
    History run(Supplier<SequenceClassifier> untrained) throws IOException, InterruptedException {
        int steps = plannedSteps(untrained);
        var fresh = new History(spec.metric(), train.size(), validation.size(), steps, List.of());
        var schedule = LinearSchedule.of(spec.warmupRatio(), steps);
        try (SequenceClassifier classifier = untrained.get()) {
            History history = files.resume(classifier, fresh);
            while (history.steps() < steps && !history.outOfPatience(spec.patience())) {
                history = history.with(epoch(classifier, history, schedule));
                files.putEpoch(classifier, history);
                listener.epoch(history);
            }
            return history;
        }
    }

    private History.Epoch epoch(SequenceClassifier classifier, History history, LinearSchedule schedule)
            throws InterruptedException {
        int epoch = history.epochs().size();
        int step = history.steps();
        double sum = 0;
        int[][] batches = buckets.epoch(epoch);
        int count = Math.min(batches.length, history.plannedSteps() - step);
        for (int b = 0; b < count; b++) {
            listener.checkStop();
            double learningRate = spec.learningRate() * schedule.at(step);
            double loss = step(classifier, batches[b], learningRate);
            sum += loss;
            step++;
            listener.step(step, history.plannedSteps(), loss, learningRate);
        }
        float[][] probabilities = classifier.predict(validation.tokens());
        int[] predicted = Probabilities.argMax(probabilities);
        var matrix = ConfusionMatrix.of(classifier.labels().size(), validation.classes(), predicted);
        return new History.Epoch(
                epoch + 1,
                step,
                sum / count,
                Probabilities.logLoss(validation.classes(), probabilities),
                matrix.accuracy(),
                matrix.macroF1());
    }

    private double step(SequenceClassifier classifier, int[] batch, double learningRate) {
        TokenizedExamples examples = train.pick(batch);
        return classifier.trainStep(examples.tokens(), examples.classes(), learningRate);
    }

    /** As an earlier attempt settled, or by a rehearsal with a classifier that is thrown away. */
    private int plannedSteps(Supplier<SequenceClassifier> untrained) throws IOException, InterruptedException {
        int all = Math.multiplyExact(spec.epochs(), buckets.batches());
        if (spec.maxMinutes() == 0) {
            return all;
        }
        var settled = files.plannedSteps();
        if (settled.isPresent()) {
            return settled.getAsInt();
        }
        long begun = System.nanoTime();
        int steps;
        try (SequenceClassifier trial = untrained.get()) {
            steps = (int) fitting(trial, begun, all);
        }
        files.putPlannedSteps(steps);
        return steps;
    }

    private long fitting(SequenceClassifier trial, long begun, int all) throws IOException, InterruptedException {
        double loading = secondsSince(begun);
        int[][] batches = buckets.epoch(0);
        double tokensAStep = (double) train.tokenCount() / batches.length;
        var budget = new StepBudget(spec.maxMinutes() * 60);
        for (int round = 0; budget.wantsMore(secondsSince(begun)); round++) {
            long start = System.nanoTime();
            long tokens = 0;
            for (int i = 0; i < ROUND; i++) {
                listener.checkStop();
                int[] batch = batches[(int) (((long) i * batches.length / ROUND + round) % batches.length)];
                step(trial, batch, 0);
                tokens += train.pick(batch).tokenCount();
            }
            budget.add(secondsSince(start) / tokens * tokensAStep);
        }
        double anEpochsEnd = secondsToValidate(trial) + files.trial(trial);
        double aStep = budget.secondsAStep() + anEpochsEnd / batches.length;
        // The last epoch may be shorter, but ends as the others do.
        return budget.steps(secondsSince(begun), aStep, loading + anEpochsEnd, all);
    }

    /** From some of the texts. */
    private double secondsToValidate(SequenceClassifier trial) {
        int every = Math.max(1, validation.size() / (SCORED * spec.batchSize()));
        TokenizedExamples some = validation.pick(IntStream.range(0, validation.size())
                .filter(i -> i % every == 0)
                .toArray());
        double seconds = 0;
        // Warm at the second time.
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            trial.predict(some.tokens());
            seconds = secondsSince(start);
        }
        return seconds * validation.tokenCount() / Math.max(1, some.tokenCount());
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }
}
