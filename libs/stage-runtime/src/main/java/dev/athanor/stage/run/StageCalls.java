package dev.athanor.stage.run;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * The three calls of a stage with their contexts. Both the services and {@code StageRunner} call stages through here.
 *
 * @param <S> specification record
 */
public final class StageCalls<S extends Record> {

    /** What merge made. */
    public record Published(ArtifactId artifact, SortedMap<String, Long> counts) {}

    private static final int MAX_TASKS = 1_000_000;

    private final Stage<S> stage;
    private final ArtifactStore store;
    private final WorkFolders workFolders;

    public StageCalls(Stage<S> stage, ArtifactStore store, WorkFolders workFolders) {
        this.stage = stage;
        this.store = store;
        this.workFolders = workFolders;
    }

    public StageType type() {
        return stage.type();
    }

    public List<TaskPlan> plan(StageCommand.Start start, int round, RoundOutputs outputs)
            throws IOException, InterruptedException {
        List<TaskPlan> plan = List.copyOf(stage.plan(new CallContext<>(start, spec(start), round, outputs, store)));
        Checks.that(plan.size() <= MAX_TASKS, "tasks of a round", plan.size(), "at most " + MAX_TASKS);
        Set<String> names = new HashSet<>();
        for (TaskPlan task : plan) {
            Checks.that(names.add(task.name()), "task name", task.name(), "a name that is unique in its round");
        }
        return plan;
    }

    public TaskOutput execute(
            StageCommand.Start start, TaskId id, TaskPlan task, RoundOutputs outputs, TaskSignals signals)
            throws IOException, InterruptedException {
        Path workFolder = workFolders.create();
        try {
            return stage.execute(new TaskCallContext<>(
                    start,
                    spec(start),
                    id.round(),
                    outputs,
                    store,
                    task,
                    workFolder,
                    store.scratch(id.key()),
                    signals));
        } finally {
            WorkFolders.delete(workFolder);
        }
    }

    public Published merge(StageCommand.Start start, int rounds, RoundOutputs outputs)
            throws IOException, InterruptedException {
        S spec = spec(start);
        StageOutput output = stage.merge(new CallContext<>(start, spec, rounds, outputs, store));
        ArtifactId artifact = store.publish(new Manifest(
                type().output(),
                output.schemaVersion(),
                output.files(),
                output.counts(),
                start.inputs(),
                Json.tree(spec),
                start.seed(),
                type().id() + "@" + CodeVersion.VALUE,
                output.licences()));
        return new Published(artifact, output.counts());
    }

    @SuppressWarnings("unchecked")
    private S spec(StageCommand.Start start) {
        return (S) type().readSpec(start.spec());
    }
}
