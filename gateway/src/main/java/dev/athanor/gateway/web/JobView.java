package dev.athanor.gateway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.job.StageSpec;
import dev.athanor.contracts.job.StageType;
import dev.athanor.gateway.job.JobState;
import dev.athanor.gateway.job.StageState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A job as callers see it.
 *
 * @param intent what was asked for last: the status follows a little later
 * @param spec with all defaults filled in; only where one job is asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobView(
        String id,
        String name,
        JobStatus status,
        JobState.Intent intent,
        long seed,
        Instant createdAt,
        @Nullable Instant finishedAt,
        List<StageView> stages,
        @Nullable JobSpec spec) {

    /** @param error where the status is failed */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StageView(
            String id,
            StageType type,
            JobStatus status,
            int attempt,
            Map<String, String> inputs,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable ProgressView progress,
            @Nullable ArtifactId artifact,
            @Nullable SortedMap<String, Long> counts,
            @Nullable ErrorView error,
            long taskRetries,
            long deadLetters) {}

    /**
     * @param total 0 where it is unknown
     * @param fraction done of total, from 0 to 1; absent where the total is unknown
     * @param etaSeconds at the current rate; absent where it cannot be told
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProgressView(
            String phase,
            long done,
            long total,
            String unit,
            double perSecond,
            @Nullable Double fraction,
            @Nullable Double etaSeconds,
            @Nullable String message,
            Instant at) {}

    public record ErrorView(String code, String message) {}

    static JobView of(JobState job) {
        return of(job, null);
    }

    static JobView withSpec(JobState job) {
        return of(job, job.spec());
    }

    private static JobView of(JobState job, @Nullable JobSpec spec) {
        List<StageView> stages = job.spec().stages().stream()
                .map(s -> stage(s, Objects.requireNonNull(job.stage(s.id()))))
                .toList();
        return new JobView(
                job.id(),
                job.spec().name(),
                job.status(),
                job.intent(),
                job.spec().seed(),
                job.createdAt(),
                job.finishedAt(),
                stages,
                spec);
    }

    private static StageView stage(StageSpec spec, StageState stage) {
        StageState.Failure error = stage.error();
        return new StageView(
                spec.id(),
                spec.type(),
                stage.status(),
                stage.attempt(),
                spec.inputs(),
                stage.startedAt(),
                stage.finishedAt(),
                progress(stage),
                stage.artifact(),
                stage.artifact() == null ? null : stage.counts(),
                error == null ? null : new ErrorView(error.code().slug(), error.message()),
                stage.taskRetries(),
                stage.deadLetters());
    }

    private static @Nullable ProgressView progress(StageState stage) {
        StageState.Progress p = stage.progress();
        if (p == null) {
            return null;
        }
        boolean known = p.total() > 0;
        boolean tells = known && stage.active() && p.perSecond() > 0 && Double.isFinite(p.perSecond());
        return new ProgressView(
                p.phase(),
                p.done(),
                p.total(),
                p.unit(),
                p.perSecond(),
                known ? Math.clamp((double) p.done() / p.total(), 0.0, 1.0) : null,
                tells ? Math.max(0, p.total() - p.done()) / p.perSecond() : null,
                p.message(),
                p.at());
    }
}
