package dev.athanor.stage.work;

import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.stage.persistence.InboxRows;
import dev.athanor.stage.persistence.StageRunRow;
import dev.athanor.stage.persistence.StageRunRows;
import dev.athanor.stage.persistence.StageTaskRows;
import dev.athanor.stage.persistence.StageTaskRows.RoundProgress;
import dev.athanor.stage.run.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Tells how far a stage run is, over all its tasks on all instances, at most once in an interval. */
public class ProgressReporter {

    /** Weight of the newest sample in the rate that is shown. */
    private static final double SMOOTHING = 0.4;

    private static final int POINTS_A_MESSAGE = 500;

    private final StageRunRows runs;
    private final StageTaskRows tasks;
    private final InboxRows clock;
    private final Transitions transitions;
    private final Duration interval;

    public ProgressReporter(
            StageRunRows runs, StageTaskRows tasks, InboxRows clock, Transitions transitions, Duration interval) {
        this.runs = runs;
        this.tasks = tasks;
        this.clock = clock;
        this.transitions = transitions;
        this.interval = interval;
    }

    /** Does nothing when any instance told it within the interval. */
    @Transactional
    public void reportIfDue(String runKey) {
        StageRunRow run = runs.lock(runKey).orElseThrow();
        Instant last = run.progressAt();
        boolean due = last == null || !clock.now().isBefore(last.plus(interval));
        if (due && !run.state().status().terminal()) {
            report(run);
        }
    }

    /** The metric points that the task has gathered since. */
    @Transactional
    public void sendPoints(RunningTask task) {
        for (List<MetricPoint> points = task.takePoints(POINTS_A_MESSAGE);
                !points.isEmpty();
                points = task.takePoints(POINTS_A_MESSAGE)) {
            transitions.tell(new StageEvent.MetricsRecorded(task.claim().start().run(), points));
        }
    }

    /** Whoever calls it holds the run's lock. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void report(StageRunRow run) {
        TaskId.Kind phase = run.state().phase();
        RoundProgress sums =
                tasks.progress(run.run().key(), phase.name(), run.state().round());
        boolean measured = phase == TaskId.Kind.EXECUTE && sums.getMeasured() == sums.getTasks();
        long done = measured ? sums.getDone() : sums.getFinished();
        long total = measured ? sums.getTotal() : sums.getTasks();
        Instant now = clock.now();
        double rate = rate(run, done, now);
        run.progressed(now, done, rate);
        transitions.tell(new StageEvent.Progressed(
                run.run(),
                phase.phase(),
                done,
                total,
                measured ? sums.getUnit() : "tasks",
                rate,
                message(sums, measured)));
    }

    private static String message(RoundProgress sums, boolean measured) {
        if (measured && sums.getTasks() == 1) {
            return sums.getText();
        }
        String tasks = sums.getFinished() + " of " + sums.getTasks() + " tasks";
        return measured || sums.getDone() == 0
                ? tasks
                : String.format(Locale.ROOT, "%s, %d %s", tasks, sums.getDone(), sums.getUnit());
    }

    private static double rate(StageRunRow run, long done, Instant now) {
        Instant last = run.progressAt();
        double seconds = last == null ? 0 : Duration.between(last, now).toNanos() / 1e9;
        if (seconds <= 0) {
            return run.progressRate();
        }
        double latest = Math.max(0, done - run.progressDone()) / seconds;
        return run.progressRate() == 0 ? latest : SMOOTHING * latest + (1 - SMOOTHING) * run.progressRate();
    }
}
