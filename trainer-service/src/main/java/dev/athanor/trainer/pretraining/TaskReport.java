package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.lm.train.StepMetrics;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.trainer.group.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Passes what training tells to the job's progress and metric series, and to this process's meters; of a group, the first worker
 * speaks for all. Training stops when the task is to, or the group is to form anew.
 */
final class TaskReport implements TrainingListener {

    private final TaskContext<?> context;
    private final TrainingListener meters;
    private final Membership member;
    private long steps;

    TaskReport(TaskContext<?> context, TrainingListener meters, Membership member) {
        this.context = context;
        this.meters = meters;
        this.member = member;
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
        List<MetricPoint> points = new ArrayList<>();
        add(points, "loss", metrics.step(), metrics.loss());
        add(points, "loss_average", metrics.step(), metrics.lossAverage());
        add(points, "perplexity", metrics.step(), metrics.perplexity());
        add(points, "lr", metrics.step(), metrics.learningRate());
        add(points, "grad_norm", metrics.step(), metrics.gradientNorm());
        add(points, "tokens_per_second", metrics.step(), metrics.tokensPerSecond());
        add(points, "mfu", metrics.step(), metrics.mfu());
        add(points, "data_wait_seconds", metrics.step(), metrics.dataWaitSeconds());
        context.metrics(points);
    }

    @Override
    public void validated(long step, double loss) {
        if (member.rank() > 0) {
            return;
        }
        meters.validated(step, loss);
        List<MetricPoint> points = new ArrayList<>();
        add(points, "validation_loss", step, loss);
        context.metrics(points);
    }

    @Override
    public void checkStop() throws InterruptedException {
        context.checkStop();
        if (member.regroupWanted()) {
            throw new InterruptedException("a worker has come or gone");
        }
    }

    private static void add(List<MetricPoint> points, String name, long step, double value) {
        if (Double.isFinite(value)) {
            points.add(new MetricPoint(name, step, value));
        }
    }
}
