package dev.athanor.stage.run;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.Scratch;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskPlan;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Context of one call of execute. */
final class TaskCallContext<S extends Record> extends CallContext<S> implements TaskContext<S> {

    private final StageCommand.Start start;
    private final TaskPlan task;
    private final Path workFolder;
    private final Scratch scratch;
    private final TaskSignals signals;

    TaskCallContext(
            StageCommand.Start start,
            S spec,
            int round,
            RoundOutputs outputs,
            ArtifactStore store,
            TaskPlan task,
            Path workFolder,
            Scratch scratch,
            TaskSignals signals) {
        super(start, spec, round, outputs, store);
        this.start = start;
        this.task = task;
        this.workFolder = workFolder;
        this.scratch = scratch;
        this.signals = signals;
    }

    @Override
    public String name() {
        return task.name();
    }

    @Override
    public JsonNode payload() {
        return task.payload();
    }

    @Override
    public Path workFolder() {
        return workFolder;
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }

    @Override
    public Scratch sharedScratch() {
        return store().scratch(run().key() + "/shared");
    }

    @Override
    public StageRun run() {
        return start.run();
    }

    @Override
    public long fencing() {
        return signals.fencing();
    }

    @Override
    public void progress(long done, long total, String unit, String message) {
        signals.progress(done, total, unit, message);
    }

    @Override
    public void metrics(List<MetricPoint> points) {
        signals.metrics(points);
    }

    @Override
    public void checkStop() throws InterruptedException {
        signals.checkStop();
    }
}
