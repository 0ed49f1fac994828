package dev.athanor.gateway.job;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.job.StageSpec;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A job as the gateway knows it.
 *
 * @param intent what the user wants of it; the services follow a little later
 * @param stages in the order of the specification
 * @param finishedAt when the last stage ended; null while the status is not terminal
 */
public record JobState(
        String id,
        JobSpec spec,
        Intent intent,
        List<StageState> stages,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** The state that the user asked for last. */
    public enum Intent {
        RUN,
        PAUSE,
        CANCEL;

        @JsonValue
        public String slug() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public JobState {
        stages = List.copyOf(stages);
    }

    /** Follows from the intent and the stages. A job with a failed stage goes on until its active stages have ended. */
    public JobStatus status() {
        if (stages.stream().allMatch(s -> s.status() == JobStatus.SUCCEEDED)) {
            return JobStatus.SUCCEEDED;
        }
        if (stages.stream().anyMatch(s -> s.status() == JobStatus.RUNNING)) {
            return JobStatus.RUNNING;
        }
        if (stages.stream().anyMatch(s -> s.status() == JobStatus.PAUSED)) {
            return intent == Intent.PAUSE ? JobStatus.PAUSED : JobStatus.RUNNING;
        }
        if (intent == Intent.CANCEL) {
            return JobStatus.CANCELLED;
        }
        if (halted()) {
            return JobStatus.FAILED;
        }
        return intent == Intent.PAUSE ? JobStatus.PAUSED : JobStatus.PENDING;
    }

    /** Whether a stage ended without an artifact, so that no further stage may start. */
    boolean halted() {
        return stages.stream().anyMatch(s -> s.status() == JobStatus.FAILED || s.status() == JobStatus.CANCELLED);
    }

    public @Nullable StageState stage(String stageId) {
        return stages.stream().filter(s -> s.id().equals(stageId)).findFirst().orElse(null);
    }

    public StageSpec stageSpec(String stageId) {
        return spec.stages().stream()
                .filter(s -> s.id().equals(stageId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no stage " + stageId));
    }

    /** Role to artifact, or null where an input is not there yet. */
    public @Nullable SortedMap<String, ArtifactId> inputsOf(StageSpec stage) {
        SortedMap<String, ArtifactId> artifacts = new TreeMap<>();
        for (var input : stage.inputs().entrySet()) {
            StageState source = stage(input.getValue());
            ArtifactId artifact = source == null ? new ArtifactId(input.getValue()) : source.artifact();
            if (artifact == null) {
                return null;
            }
            artifacts.put(input.getKey(), artifact);
        }
        return artifacts;
    }

    JobState with(Intent next) {
        return new JobState(id, spec, next, stages, createdAt, finishedAt);
    }

    JobState mapStages(UnaryOperator<StageState> change) {
        return new JobState(id, spec, intent, stages.stream().map(change).toList(), createdAt, finishedAt);
    }

    JobState finishedAt(@Nullable Instant at) {
        return new JobState(id, spec, intent, stages, createdAt, at);
    }
}
