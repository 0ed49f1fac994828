package dev.athanor.gateway.persistence;

import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.json.Json;
import dev.athanor.gateway.job.JobState;
import dev.athanor.gateway.job.StageState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** A job's latest state; {@link JobEventRow} holds how it came about. */
@Entity
@Table(name = "job")
public class JobRow implements Persistable<String> {

    @Id
    private String id;

    private String name;
    private String status;
    private String intent;
    private String spec;
    private String stages;
    private long lastSequence;
    private String createdBy;
    private Instant createdAt;
    private @Nullable Instant finishedAt;

    @Column(name = "news_at")
    private Instant newsAt;

    @Version
    private @Nullable Long version;

    @SuppressWarnings("NullAway.Init")
    protected JobRow() {}

    @SuppressWarnings("NullAway.Init")
    public JobRow(JobState state, String createdBy) {
        this.id = state.id();
        this.name = state.spec().name();
        this.spec = Json.MAPPER.writeValueAsString(state.spec());
        this.createdBy = createdBy;
        this.createdAt = state.createdAt();
        update(state, state.createdAt());
    }

    public final void update(JobState state, Instant at) {
        this.status = state.status().slug();
        this.intent = state.intent().name();
        this.stages = Json.MAPPER.writeValueAsString(state.stages());
        this.finishedAt = state.finishedAt();
        this.newsAt = at;
    }

    public JobState state() {
        return new JobState(
                id,
                Json.MAPPER.readValue(spec, JobSpec.class),
                JobState.Intent.valueOf(intent),
                Arrays.asList(Json.MAPPER.readValue(stages, StageState[].class)),
                createdAt,
                finishedAt);
    }

    /** Number of the next event of this job; the first is 1. */
    public long nextSequence() {
        return ++lastSequence;
    }

    /** News, or the last time that the services were asked again. */
    public void heardOf(Instant at) {
        this.newsAt = at;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        return version == null;
    }
}
