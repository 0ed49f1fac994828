package dev.athanor.lm.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;

/** Trains a model until it can do a task, which must not take too many steps. */
final class Learning {

    /** Nats per predicted token, over the last steps. */
    private static final double LEARNT = 0.05;

    private static final int AVERAGED = 10;

    private Learning() {}

    /** Asserts that a model comes to a loss of nearly zero in at most so many steps of 32 rows. */
    static void assertLearns(ModelConfig config, Objective objective, int steps, double rate, Path folder)
            throws Exception {
        assertThat(lossAfter(config, objective, steps, rate, folder))
                .as("mean loss of the last %d steps", AVERAGED)
                .isLessThan(LEARNT);
    }

    /** As {@link #assertLearns}, of rows held out and without dropout; the training rows' loss, with it, is higher. */
    static void assertLearnsWithDropout(ModelConfig config, Objective objective, int steps, double rate, Path folder)
            throws Exception {
        var trained = new Progress();
        double heldOut = train(config, objective, steps, rate, folder, new TrainingListener() {
            @Override
            public void step(StepMetrics metrics) {
                trained.step(metrics);
            }
        });
        assertThat(heldOut).as("loss without dropout").isLessThan(LEARNT);
        assertThat(trained.average()).as("loss with dropout").isGreaterThan(heldOut);
    }

    /** Mean loss of the last steps when the task is learnt, or after all steps of 32 rows. */
    static double lossAfter(ModelConfig config, Objective objective, int steps, double rate, Path folder)
            throws Exception {
        var progress = new Progress();
        try {
            train(config, objective, steps, rate, folder, progress);
        } catch (InterruptedException e) {
            // Learnt before the last step.
        }
        return progress.average();
    }

    /** The loss of held-out rows after all steps. */
    private static double train(
            ModelConfig config, Objective objective, int steps, double rate, Path folder, TrainingListener listener)
            throws Exception {
        Files.createDirectories(folder);
        TrainingConfig training = TrainingConfig.builder(steps, 32)
                .precision(Precision.FP32)
                .learningRate(rate)
                .warmupSteps(10)
                .weightDecay(0)
                .seed(1)
                .build();
        ModelConfig wide = config.toBuilder().initializerRange(0.08).build();
        try (LanguageModel model = LanguageModel.create(wide, 3, Device.cpu())) {
            return new Pretraining(model, training, objective, new FolderCheckpoints(folder), folder)
                    .run(listener)
                    .validationLoss();
        }
    }

    private static final class Progress implements TrainingListener {
        private final ArrayDeque<Double> last = new ArrayDeque<>();

        @Override
        public void step(StepMetrics metrics) {
            last.add(metrics.loss());
            if (last.size() > AVERAGED) {
                last.remove();
            }
        }

        double average() {
            return last.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
        }

        @Override
        public void checkStop() throws InterruptedException {
            if (last.size() == AVERAGED && average() < LEARNT) {
                throw new InterruptedException("learnt");
            }
        }
    }
}
