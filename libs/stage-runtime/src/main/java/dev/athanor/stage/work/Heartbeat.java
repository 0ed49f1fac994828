package dev.athanor.stage.work;

import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Renews the leases of this instance's tasks, stops the tasks that are not ours any more, and sends progress and metric
 * points.
 */
public class Heartbeat implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    /** How long a stopped task may look away before its thread is interrupted. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final RunningTasks running;
    private final TaskClaims claims;
    private final ProgressReporter progress;
    private final Housekeeping housekeeping;
    private final Duration interval;
    private final Duration lease;
    private @Nullable Thread thread;

    public Heartbeat(
            RunningTasks running,
            TaskClaims claims,
            ProgressReporter progress,
            Housekeeping housekeeping,
            Duration interval,
            Duration lease) {
        this.running = running;
        this.claims = claims;
        this.progress = progress;
        this.housekeeping = housekeeping;
        this.interval = interval;
        this.lease = lease;
    }

    @Override
    public synchronized void start() {
        thread = Thread.ofPlatform().daemon().name("stage-heartbeat").start(this::loop);
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Stops after the workers, whose leases it renews to the last. */
    @Override
    public int getPhase() {
        return WorkerPool.PHASE - 1;
    }

    private void loop() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(interval);
                beat();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("heartbeat: {}", e.toString());
            }
        }
    }

    private void beat() {
        for (RunningTask task : running.all()) {
            renew(task);
            progress.sendPoints(task);
        }
        running.all().stream()
                .map(task -> task.claim().runKey())
                .collect(Collectors.toSet())
                .forEach(progress::reportIfDue);
        housekeeping.runIfDue();
    }

    private void renew(RunningTask task) {
        if (task.isStopped()) {
            if (task.nanosSinceStop() > GRACE.toNanos()) {
                task.interrupt();
            }
            return;
        }
        try {
            if (claims.renew(task.claim(), task.progress())) {
                task.renewed();
            } else {
                task.stop("paused, cancelled or taken over");
            }
        } catch (RuntimeException e) {
            LOG.warn("heartbeat: lease of {} not renewed: {}", task.claim().id().key(), e.toString());
            if (task.nanosSinceRenewal() > lease.toNanos()) {
                task.stop("its lease could not be renewed");
            }
        }
    }
}
