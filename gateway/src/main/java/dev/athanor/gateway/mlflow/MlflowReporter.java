package dev.athanor.gateway.mlflow;

import dev.athanor.gateway.job.JobState;
import dev.athanor.gateway.mlflow.MlflowServer.Away;
import dev.athanor.gateway.persistence.MlflowRuns;
import dev.athanor.gateway.persistence.MlflowRuns.Run;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that talks to MLflow. While the server is away it asks ever more rarely; nothing waits for it. */
public final class MlflowReporter {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowReporter.class);
    /** Calls after which another instance of the gateway may take a run over; telling the same twice does no harm. */
    private static final int CALLS_HELD = 6;
    /** After so many failures of its own, none of the server's, a run is left until there is more of it to tell. */
    private static final int MOST_TRIES = 5;

    private final MlflowRuns runs;
    private final MlflowExport export;
    private final MlflowServer server;
    private final Function<String, JobState> jobs;
    private final MlflowSettings settings;
    private volatile @Nullable Thread thread;
    private int failures;
    /** Failures of runs that the server has no part in. */
    private final Map<String, Integer> broken = new HashMap<>();

    /** @param jobs by id */
    public MlflowReporter(
            MlflowRuns runs,
            MlflowExport export,
            MlflowServer server,
            Function<String, JobState> jobs,
            MlflowSettings settings) {
        this.runs = runs;
        this.export = export;
        this.server = server;
        this.jobs = jobs;
        this.settings = settings;
    }

    public synchronized void start() {
        thread = Thread.ofPlatform().daemon().name("mlflow").start(this::loop);
    }

    public synchronized void stop() {
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
            server.close();
        }
    }

    private void loop() {
        while (thread == Thread.currentThread()) {
            try {
                Thread.sleep(pause());
                while (thread == Thread.currentThread() && tellOne()) {
                    // There may be more.
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // Our own database, rather: it is the first to complain of that.
                if (failures++ == 0) {
                    LOG.warn("MLflow not told: {}", e.toString());
                }
            }
        }
    }

    private Duration pause() {
        if (failures == 0) {
            return settings.interval();
        }
        Duration doubled = settings.patience().multipliedBy(1L << Math.min(failures - 1, 20));
        return doubled.compareTo(settings.mostPatience()) < 0 ? doubled : settings.mostPatience();
    }

    /** False where there is nothing to tell, or nobody listens. */
    private boolean tellOne() {
        Optional<Run> taken = runs.take(settings.timeout().multipliedBy(CALLS_HELD));
        if (taken.isEmpty()) {
            return false;
        }
        Run run = taken.get();
        try {
            export.tell(run, jobs.apply(run.jobId()));
            runs.told(run);
            broken.remove(run.key());
            if (failures > 0) {
                LOG.info("MLflow at {} answers again", server.url());
                failures = 0;
            }
            return true;
        } catch (Away e) {
            runs.release(run);
            if (failures++ == 0 && thread != null) {
                LOG.warn(
                        "MLflow at {} cannot be told ({}): metrics are kept and told later",
                        server.url(),
                        e.getMessage());
            }
            return false;
        } catch (RuntimeException e) {
            if (broken.merge(run.key(), 1, Integer::sum) < MOST_TRIES) {
                runs.release(run);
                throw e;
            }
            LOG.warn("{} cannot be told to MLflow, and is left: {}", run.key(), e.toString());
            runs.told(run);
            broken.remove(run.key());
            return true;
        }
    }
}
