package dev.athanor.stage.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The workers of this instance. A free worker takes a task that is offered, or looks for one itself every tick; an offer
 * that comes while all are busy is let go, because whoever gets free looks for what waits.
 */
public class WorkerPool implements SmartLifecycle {

    static final int PHASE = Integer.MAX_VALUE - 10;

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final TaskClaims claims;
    private final TaskWork work;
    private final RunningTasks running;
    private final int workers;
    private final Duration tick;
    private final SynchronousQueue<String> offers = new SynchronousQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    public WorkerPool(TaskClaims claims, TaskWork work, RunningTasks running, int workers, Duration tick) {
        this.claims = claims;
        this.work = work;
        this.running = running;
        this.workers = workers;
        this.tick = tick;
    }

    /** Hands the task to a worker that waits, if any; never blocks. */
    public void offer(String taskId) {
        var unused = offers.offer(taskId);
    }

    @Override
    public synchronized void start() {
        stopping = false;
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofPlatform().daemon().name("stage-worker-" + i).start(this::loop));
        }
    }

    @Override
    public synchronized void stop() {
        stopping = true;
        running.stopAll("the service shuts down");
        long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !threads.isEmpty();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private void loop() {
        while (!stopping) {
            try {
                next().ifPresent(work::run);
            } catch (InterruptedException e) {
                // Meant for a task that has ended meanwhile.
            } catch (RuntimeException e) {
                LOG.warn("worker: {}", e.toString());
                pause();
            }
        }
    }

    private Optional<ClaimedTask> next() throws InterruptedException {
        Optional<ClaimedTask> waiting = claims.claim(null);
        if (waiting.isPresent()) {
            return waiting;
        }
        @Nullable String offered = offers.poll(tick.toMillis(), TimeUnit.MILLISECONDS);
        return offered == null || stopping ? Optional.empty() : claims.claim(offered);
    }

    private void pause() {
        try {
            Thread.sleep(tick);
        } catch (InterruptedException e) {
            // The loop looks whether to stop.
        }
    }
}
