package dev.athanor.contracts.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.ErrorCode;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a service tells of a stage; topic {@link Topics#events}, key = job id. Duplicates and late ones must be harmless. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StageEvent.Started.class, name = "stage.started"),
    @JsonSubTypes.Type(value = StageEvent.Progressed.class, name = "stage.progressed"),
    @JsonSubTypes.Type(value = StageEvent.MetricsRecorded.class, name = "stage.metrics"),
    @JsonSubTypes.Type(value = StageEvent.TaskRetried.class, name = "stage.task-retried"),
    @JsonSubTypes.Type(value = StageEvent.DeadLettered.class, name = "stage.dead-lettered"),
    @JsonSubTypes.Type(value = StageEvent.Completed.class, name = "stage.completed"),
    @JsonSubTypes.Type(value = StageEvent.Failed.class, name = "stage.failed"),
    @JsonSubTypes.Type(value = StageEvent.Cancelled.class, name = "stage.cancelled"),
    @JsonSubTypes.Type(value = StageEvent.Paused.class, name = "stage.paused"),
    @JsonSubTypes.Type(value = StageEvent.Resumed.class, name = "stage.resumed")
})
public sealed interface StageEvent {

    StageRun run();

    record Started(StageRun run) implements StageEvent {}

    /**
     * How far the stage is.
     *
     * @param phase plan, execute or merge
     * @param done work done so far in {@code unit}s, of {@code total} (0 where it is unknown)
     * @param unit e.g. tasks, documents, steps
     * @param perSecond current rate in units a second
     * @param message one short line for people, e.g. {@code loss 3.21}
     */
    record Progressed(
            StageRun run,
            String phase,
            long done,
            long total,
            String unit,
            double perSecond,
            @Nullable String message) implements StageEvent {}

    /** Points of metric series; {@code (name, step)} identifies a point, so a repeat overwrites it. */
    record MetricsRecorded(StageRun run, List<MetricPoint> points) implements StageEvent {}

    /** A task is run again, because its worker died or it failed in a way that may pass. */
    record TaskRetried(StageRun run, String taskId, int attempt, String reason) implements StageEvent {}

    /** A message or task went to the dead-letter topic. */
    record DeadLettered(StageRun run, String topic, String reason) implements StageEvent {}

    record Completed(StageRun run, ArtifactId artifact, SortedMap<String, Long> counts) implements StageEvent {}

    record Failed(StageRun run, ErrorCode code, String message) implements StageEvent {}

    record Cancelled(StageRun run) implements StageEvent {}

    record Paused(StageRun run) implements StageEvent {}

    record Resumed(StageRun run) implements StageEvent {}
}
