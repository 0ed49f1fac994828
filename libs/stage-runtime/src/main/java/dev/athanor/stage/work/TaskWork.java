package dev.athanor.stage.work;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.metrics.StageMetrics;
import dev.athanor.stage.persistence.StoredOutput;
import dev.athanor.stage.run.RoundOutputs;
import dev.athanor.stage.run.StageCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one claimed task and hands in what came of it. */
public class TaskWork {

    /** Outputs with more characters of JSON are kept in the artifact store. */
    private static final int MAX_JSON_IN_ROW = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(TaskWork.class);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    private interface HandIn {
        boolean now();
    }

    private final StageCatalog catalog;
    private final TaskResults results;
    private final RunningTasks running;
    private final ProgressReporter progress;
    private final ArtifactStore store;
    private final StageMetrics metrics;

    public TaskWork(
            StageCatalog catalog,
            TaskResults results,
            RunningTasks running,
            ProgressReporter progress,
            ArtifactStore store,
            StageMetrics metrics) {
        this.catalog = catalog;
        this.results = results;
        this.running = running;
        this.progress = progress;
        this.store = store;
        this.metrics = metrics;
    }

    void run(ClaimedTask claim) {
        RunningTask task = running.begin(claim);
        long begin = System.nanoTime();
        String outcome = "failed";
        try {
            outcome = work(task) ? "done" : "stale";
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
            sendRest(task);
            // A task that is stopped may fail in any way, e.g. with a channel closed by the interrupt.
            if (task.isStopped()) {
                outcome = "stopped";
                LOG.info("{}: stopped: {}", claim.id().key(), e.getMessage());
                release(claim);
            } else {
                fail(task, e);
            }
        } finally {
            running.end(task);
            // An interrupt that came too late is not for the next task.
            var unused = Thread.interrupted();
            metrics.task(claim.id().run().type(), outcome);
            metrics.taskTime(
                    claim.id().run().type(), claim.id().kind().phase(), Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private boolean work(RunningTask task) throws IOException, InterruptedException {
        ClaimedTask claim = task.claim();
        StageCalls<?> calls = catalog.calls(claim.id().run().type());
        RoundOutputs outputs = round -> outputs(claim.runKey(), round);
        LOG.debug("{}: begins, attempt {}", claim.id().key(), claim.attempt());
        return switch (claim.id().kind()) {
            case PLAN -> {
                var plan = calls.plan(claim.start(), claim.id().round(), outputs);
                yield handIn(task, () -> results.planned(claim, plan));
            }
            case EXECUTE -> {
                TaskOutput output = calls.execute(claim.start(), claim.id(), claim.plan(), outputs, task);
                progress.sendPoints(task);
                StoredOutput stored = stored(output);
                yield handIn(task, () -> results.executed(claim, stored, output, task.progress()));
            }
            case MERGE -> {
                var made = calls.merge(claim.start(), claim.id().round(), outputs);
                yield handIn(task, () -> results.merged(claim, made));
            }
        };
    }

    /** Tries for as long as the task is ours, so that a database that is away for a moment costs no work. */
    private static boolean handIn(RunningTask task, HandIn handIn) throws InterruptedException {
        while (true) {
            try {
                return handIn.now();
            } catch (RuntimeException e) {
                LOG.warn(
                        "{}: result not taken in, trying again: {}",
                        task.claim().id().key(),
                        e.toString());
                task.checkStop();
                Thread.sleep(RETRY_PAUSE);
            }
        }
    }

    /** What the task told since the last heartbeat: of a pause no gap is to be seen, and of a failure what led to it. */
    private void sendRest(RunningTask task) {
        // What interrupted the task is not meant for the database.
        var unused = Thread.interrupted();
        try {
            progress.sendPoints(task);
        } catch (RuntimeException e) {
            LOG.warn("{}: last metric points not sent: {}", task.claim().id().key(), e.toString());
        }
    }

    private void release(ClaimedTask claim) {
        try {
            results.released(claim);
        } catch (RuntimeException e) {
            LOG.warn("{}: not given back, its lease will end: {}", claim.id().key(), e.toString());
        }
    }

    private void fail(RunningTask task, Throwable cause) {
        Throwable root = cause instanceof UncheckedIOException io && io.getCause() != null ? io.getCause() : cause;
        ErrorCode code = root instanceof AthanorException a ? a.code() : ErrorCode.TASK_FAILED;
        String message = root instanceof AthanorException a ? String.valueOf(a.getMessage()) : root.toString();
        LOG.warn("{}: attempt {} failed", task.claim().id().key(), task.claim().attempt(), cause);
        try {
            handIn(task, () -> results.failed(task.claim(), code, message));
        } catch (InterruptedException e) {
            release(task.claim());
        }
    }

    private StoredOutput stored(TaskOutput output) throws IOException {
        String json = Json.MAPPER.writeValueAsString(output);
        return json.length() <= MAX_JSON_IN_ROW
                ? new StoredOutput(json, null)
                : new StoredOutput(null, store.put(json.getBytes(StandardCharsets.UTF_8)));
    }

    private List<TaskOutput> outputs(String runKey, int round) {
        List<TaskOutput> outputs = new ArrayList<>();
        for (StoredOutput stored : results.outputs(runKey, round)) {
            outputs.add(read(stored));
        }
        return List.copyOf(outputs);
    }

    private TaskOutput read(StoredOutput stored) {
        BlobRef blob = stored.blob();
        if (blob == null) {
            return Json.MAPPER.readValue(String.valueOf(stored.json()), TaskOutput.class);
        }
        try (InputStream in = store.open(blob)) {
            return Json.MAPPER.readValue(in.readAllBytes(), TaskOutput.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
