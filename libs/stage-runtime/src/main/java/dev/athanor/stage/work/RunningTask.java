package dev.athanor.stage.work;

import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.stage.run.TaskSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A task that a worker of this instance is at. Written by its worker, read and stopped by the heartbeat. */
public final class RunningTask implements TaskSignals {

    /** Work done so far. */
    public record Progress(long done, long total, String unit, String message) {}

    private static final int MAX_WAITING_POINTS = 20_000;

    private final ClaimedTask claim;
    private final Thread worker = Thread.currentThread();
    private final ConcurrentLinkedQueue<MetricPoint> points = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingPoints = new AtomicInteger();
    private volatile @Nullable Progress progress;
    private volatile @Nullable String stopReason;
    private volatile long stoppedAtNanos;
    private volatile long renewedAtNanos = System.nanoTime();

    RunningTask(ClaimedTask claim) {
        this.claim = claim;
    }

    ClaimedTask claim() {
        return claim;
    }

    @Override
    public long fencing() {
        return claim.fencing();
    }

    @Override
    public void progress(long done, long total, String unit, String message) {
        progress = new Progress(done, total, unit, message);
    }

    /** Points beyond what the heartbeat can send are dropped: they are for people to look at. */
    @Override
    public void metrics(List<MetricPoint> more) {
        if (waitingPoints.addAndGet(more.size()) > MAX_WAITING_POINTS) {
            waitingPoints.addAndGet(-more.size());
            return;
        }
        points.addAll(more);
    }

    @Override
    public void checkStop() throws InterruptedException {
        String reason = stopReason;
        if (reason != null) {
            throw new InterruptedException(reason);
        }
    }

    @Nullable
    Progress progress() {
        return progress;
    }

    List<MetricPoint> takePoints(int atMost) {
        List<MetricPoint> taken = new ArrayList<>();
        while (taken.size() < atMost) {
            MetricPoint point = points.poll();
            if (point == null) {
                break;
            }
            taken.add(point);
        }
        waitingPoints.addAndGet(-taken.size());
        return taken;
    }

    synchronized void stop(String reason) {
        if (stopReason == null) {
            stoppedAtNanos = System.nanoTime();
            stopReason = reason;
        }
    }

    boolean isStopped() {
        return stopReason != null;
    }

    long nanosSinceStop() {
        return System.nanoTime() - stoppedAtNanos;
    }

    void renewed() {
        renewedAtNanos = System.nanoTime();
    }

    long nanosSinceRenewal() {
        return System.nanoTime() - renewedAtNanos;
    }

    /** For a task that does not look at {@link #checkStop}: it may be waiting for something. */
    void interrupt() {
        worker.interrupt();
    }
}
