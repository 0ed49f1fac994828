package dev.athanor.trainer.config;

import dev.athanor.lm.train.ExpertLoad;
import dev.athanor.lm.train.GradientStatistics;
import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * {@code athanor_train_*}: what the training run of this process shows now. Gauges keep the last value, and are NaN before the first.
 */
final class TrainingMeters implements TrainingListener {

    private static final int MOST_PARTS = 100;

    private final Counter tokens;
    private final Counter dataWait;
    private final Counter energy;
    private final Counter rollbacks;
    private final MultiGauge partNorms;
    private final MultiGauge partVariances;
    private final Timer steps;
    private volatile double loss = Double.NaN;
    private volatile double lossAverage = Double.NaN;
    private volatile double perplexity = Double.NaN;
    private volatile double validationLoss = Double.NaN;
    private volatile double gradientNorm = Double.NaN;
    private volatile double learningRate = Double.NaN;
    private volatile double mfu = Double.NaN;
    private volatile double tokensPerSecond = Double.NaN;
    private volatile double memory = Double.NaN;
    private volatile double deviceMemory = Double.NaN;
    private volatile double expertLoad = Double.NaN;
    private volatile double expertUtilization = Double.NaN;

    TrainingMeters(MeterRegistry registry) {
        tokens = Counter.builder("athanor.train.tokens")
                .description("Tokens trained on")
                .register(registry);
        dataWait = Counter.builder("athanor.train.data.wait")
                .description("Time that training waited for batches")
                .baseUnit("seconds")
                .register(registry);
        energy = Counter.builder("athanor.train.energy")
                .description("Energy that training took, by counters of the processors or estimated")
                .baseUnit("joules")
                .register(registry);
        rollbacks = Counter.builder("athanor.train.rollbacks")
                .description("Times that training broke down and went back to a checkpoint")
                .register(registry);
        partNorms = MultiGauge.builder("athanor.train.part.grad.norm")
                .description("Norm of the gradients of a part of the model before clipping")
                .register(registry);
        partVariances = MultiGauge.builder("athanor.train.part.grad.variance")
                .description("Variance of the elements of the gradients of a part of the model before clipping")
                .register(registry);
        steps = Timer.builder("athanor.train.step")
                .description("Duration of optimizer steps")
                .register(registry);
        Gauge.builder("athanor.train.loss", () -> loss)
                .description("Loss of the last step, in nats per token")
                .register(registry);
        Gauge.builder("athanor.train.loss.average", () -> lossAverage)
                .description("Loss averaged over about the last 50 steps, in nats per token")
                .register(registry);
        Gauge.builder("athanor.train.perplexity", () -> perplexity)
                .description("Perplexity of the last step's batch")
                .register(registry);
        Gauge.builder("athanor.train.memory", () -> memory)
                .description("Resident memory of the training process")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("athanor.train.device.memory", () -> deviceMemory)
                .description("Memory of the arrays on a GPU; 0 on a CPU")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("athanor.train.expert.load.max", () -> expertLoad)
                .description("Load of the most loaded expert in fair shares")
                .register(registry);
        Gauge.builder("athanor.train.expert.utilization", () -> expertUtilization)
                .description("Evenly loaded experts that the load amounts to, as a share of all")
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
        lossAverage = metrics.lossAverage();
        perplexity = metrics.perplexity();
        memory = metrics.memoryBytes();
        deviceMemory = metrics.deviceMemoryBytes();
        energy.increment(metrics.energyJoules());
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

    @Override
    public void rolledBack(long brokenStep, long resumedStep, String reason) {
        rollbacks.increment();
    }

    @Override
    public void experts(long step, List<double[]> shares) {
        var load = ExpertLoad.of(shares);
        expertLoad = load.greatest();
        expertUtilization = load.utilization();
    }

    /** One series a part: those of the run before are dropped, and of a very deep model the first parts are shown. */
    @Override
    public void gradients(long step, SortedMap<String, GradientStatistics> statistics) {
        partNorms.register(rows(statistics, GradientStatistics::norm), true);
        partVariances.register(rows(statistics, GradientStatistics::variance), true);
    }

    private static List<MultiGauge.Row<?>> rows(
            SortedMap<String, GradientStatistics> statistics, ToDoubleFunction<GradientStatistics> figure) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        statistics.entrySet().stream()
                .limit(MOST_PARTS)
                .forEach(part -> rows.add(
                        MultiGauge.Row.of(Tags.of("part", part.getKey()), figure.applyAsDouble(part.getValue()))));
        return rows;
    }
}
