package dev.athanor.trainer.config;

import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/**
 * {@code athanor_train_*}: what the training run of this process shows now. Gauges keep the last value, and are NaN before the first.
 */
final class TrainingMeters implements TrainingListener {

    private final Counter tokens;
    private final Counter dataWait;
    private final Timer steps;
    private volatile double loss = Double.NaN;
    private volatile double validationLoss = Double.NaN;
    private volatile double gradientNorm = Double.NaN;
    private volatile double learningRate = Double.NaN;
    private volatile double mfu = Double.NaN;
    private volatile double tokensPerSecond = Double.NaN;

    TrainingMeters(MeterRegistry registry) {
        tokens = Counter.builder("athanor.train.tokens")
                .description("Tokens trained on")
                .register(registry);
        dataWait = Counter.builder("athanor.train.data.wait")
                .description("Time that training waited for batches")
                .baseUnit("seconds")
                .register(registry);
        steps = Timer.builder("athanor.train.step")
                .description("Duration of optimizer steps")
                .register(registry);
        Gauge.builder("athanor.train.loss", () -> loss)
                .description("Loss of the last step, in nats per token")
                .register(registry);
        Gauge.builder("athanor.train.validation.loss", () -> validationLoss)
                .description("Loss on held-out text, in nats per token")
                .register(registry);
        Gauge.builder("athanor.train.grad.norm", () -> gradientNorm)
                .description("Norm of the gradient before clipping")
                .register(registry);
        Gauge.builder("athanor.train.learning.rate", () -> learningRate)
                .description("Learning rate of the last step")
                .register(registry);
        Gauge.builder("athanor.train.mfu.ratio", () -> mfu)
                .description("Model FLOPs over those that matrix products reach on the device")
                .register(registry);
        Gauge.builder("athanor.train.tokens.per.second", () -> tokensPerSecond)
                .description("Tokens trained on per second in the last step")
                .register(registry);
    }

    @Override
    public void step(StepMetrics metrics) {
        loss = metrics.loss();
        gradientNorm = metrics.gradientNorm();
        learningRate = metrics.learningRate();
        mfu = metrics.mfu();
        tokensPerSecond = metrics.tokensPerSecond();
        tokens.increment(metrics.tokensPerSecond() * metrics.seconds());
        dataWait.increment(metrics.dataWaitSeconds());
        steps.record((long) (metrics.seconds() * 1e9), TimeUnit.NANOSECONDS);
    }

    @Override
    public void validated(long step, double nats) {
        validationLoss = nats;
    }
}
