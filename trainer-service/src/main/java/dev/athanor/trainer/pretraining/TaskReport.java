package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.train.ExpertLoad;
import dev.athanor.lm.train.GradientStatistics;
import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.trainer.group.Membership;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * Passes what training tells to the job's progress and metric series, and to this process's meters; of a group, the first worker
 * speaks for all. Training stops when the task is to, or the group is to form anew.
 */
final class TaskReport implements TrainingListener {

    /** A pass over the gradients takes up to a thirtieth of a step. */
    private static final int VARIANCE_EVERY = 10;

    private final TaskContext<?> context;
    private final TrainingListener meters;
    private final Membership member;
    private final EventSeries events;
    private final int layersEvery;
    private final EnergyMeter energy = EnergyMeter.ofThisMachine();
    private final List<MetricPoint> ofStep = new ArrayList<>();
    private long steps;
    private long lastStep;
    private long allSteps;

    TaskReport(TaskContext<PretrainSpec> context, TrainingListener meters, Membership member) {
        this.context = context;
        this.meters = meters;
        this.member = member;
        events = new EventSeries(
                context.sharedScratch(), context.workFolder(), context.spec().checkpointEverySteps());
        layersEvery = context.spec().gradientNormsEverySteps();
    }

    /** The whole run's series. */
    EventSeries events() {
        return events;
    }

    /** Made while this report was listening. */
    long steps() {
        return steps;
    }

    @Override
    public void step(StepMetrics metrics) {
        steps++;
        if (member.rank() > 0) {
            context.progress(metrics.step(), metrics.steps(), "worker steps", "");
            return;
        }
        meters.step(metrics);
        String message = String.format(
                Locale.ROOT, "loss %.3f, %,.0f tokens/s", metrics.lossAverage(), metrics.tokensPerSecond());
        context.progress(metrics.step(), metrics.steps(), member.size() == 1 ? "steps" : "worker steps", message);
        List<MetricPoint> points = new ArrayList<>(ofStep);
        ofStep.clear();
        add(points, "loss", metrics.step(), metrics.loss());
        add(points, "loss_sentences", metrics.step(), metrics.sentenceLoss());
        add(points, "loss_average", metrics.step(), metrics.lossAverage());
        add(points, "perplexity", metrics.step(), metrics.perplexity());
        add(points, "lr", metrics.step(), metrics.learningRate());
        add(points, "grad_norm", metrics.step(), metrics.gradientNorm());
        points.forEach(point -> events.add(point.step(), point.name(), point.value()));
        lastStep = metrics.step();
        allSteps = metrics.steps();
        publishEvents(() -> events.stepDone(lastStep));
        add(points, "energy_joules", metrics.step(), metrics.energyJoules());
        add(points, "memory_bytes", metrics.step(), metrics.memoryBytes());
        if (metrics.deviceMemoryBytes() > 0) {
            add(points, "device_memory_bytes", metrics.step(), metrics.deviceMemoryBytes());
        }
        add(points, "tokens_per_second", metrics.step(), metrics.tokensPerSecond());
        add(points, "mfu", metrics.step(), metrics.mfu());
        add(points, "data_wait_seconds", metrics.step(), metrics.dataWaitSeconds());
        context.metrics(points);
    }

    private interface Publishing {
        void run() throws IOException;
    }

    private static void publishEvents(Publishing publishing) {
        try {
            publishing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean wantsGradients(long step) {
        return member.rank() == 0 && (step % VARIANCE_EVERY == 0 || wantsLayers(step));
    }

    private boolean wantsLayers(long step) {
        return layersEvery > 0 && step % layersEvery == 0;
    }

    @Override
    public void gradients(long step, SortedMap<String, GradientStatistics> statistics) {
        statistics.values().stream()
                .reduce(GradientStatistics::plus)
                .ifPresent(all -> add(ofStep, "grad_variance", step, all.variance()));
        if (wantsLayers(step)) {
            meters.gradients(step, statistics);
            statistics.forEach((part, gradient) -> {
                add(ofStep, "grad_norm." + part, step, gradient.norm());
                add(ofStep, "grad_variance." + part, step, gradient.variance());
            });
        }
    }

    @Override
    public double energyJoules(double seconds) {
        return energy.joules(seconds);
    }

    @Override
    public void rolledBack(long brokenStep, long resumedStep, String reason) {
        // What was to be told of the step that broke down belongs to no step.
        ofStep.clear();
        if (member.rank() > 0) {
            return;
        }
        meters.rolledBack(brokenStep, resumedStep, reason);
        String message =
                String.format(Locale.ROOT, "went back to step %d and left out a batch: %s", resumedStep, reason);
        context.progress(resumedStep, allSteps, member.size() == 1 ? "steps" : "worker steps", message);
        List<MetricPoint> points = new ArrayList<>();
        add(points, "rollback_steps", brokenStep, brokenStep - resumedStep);
        context.metrics(points);
    }

    @Override
    public void experts(long step, List<double[]> shares) {
        if (member.rank() > 0) {
            return;
        }
        meters.experts(step, shares);
        var load = ExpertLoad.of(shares);
        add(ofStep, "expert_load_max", step, load.greatest());
        add(ofStep, "expert_utilization", step, load.utilization());
    }

    @Override
    public void validated(long step, double loss) {
        if (member.rank() > 0) {
            return;
        }
        meters.validated(step, loss);
        List<MetricPoint> points = new ArrayList<>();
        add(points, "validation_loss", step, loss);
        events.add(step, "validation_loss", loss);
        publishEvents(() -> events.publish(step));
        context.metrics(points);
    }

    /** Told before {@link #validated}, which publishes both. */
    @Override
    public void sentencesValidated(long step, double loss) {
        if (member.rank() > 0) {
            return;
        }
        List<MetricPoint> points = new ArrayList<>();
        add(points, "validation_loss_sentences", step, loss);
        events.add(step, "validation_loss_sentences", loss);
        context.metrics(points);
    }

    @Override
    public void checkStop() throws InterruptedException {
        try {
            context.checkStop();
        } catch (InterruptedException stop) {
            // The checkpoint that training now makes is to find the points before it.
            publishEvents(() -> events.stopped(lastStep));
            throw stop;
        }
        if (member.regroupWanted()) {
            publishEvents(() -> events.stopped(lastStep));
            throw new InterruptedException("a worker has come or gone");
        }
    }

    private static void add(List<MetricPoint> points, String name, long step, double value) {
        if (Double.isFinite(value)) {
            points.add(new MetricPoint(name, step, value));
        }
    }
}
