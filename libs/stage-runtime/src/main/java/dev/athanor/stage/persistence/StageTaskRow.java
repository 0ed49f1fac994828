package dev.athanor.stage.persistence;

import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.run.TaskId;
import dev.athanor.stage.run.TaskState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** A task of a stage run: what to do, who does it, and what came of it. */
@Entity
@Table(name = "stage_task")
public class StageTaskRow implements Persistable<String> {

    @Id
    private String id;

    private String runKey;

    @Enumerated(EnumType.STRING)
    private TaskId.Kind kind;

    private int round;

    @Column(name = "index_in_round")
    private int index;

    private String name;
    private String payload;

    @Enumerated(EnumType.STRING)
    private TaskState.Status status;

    private int attempt;
    private int failures;
    private int losses;
    private long fencing;
    private @Nullable String owner;
    private @Nullable Instant leaseUntil;
    private @Nullable Instant notBefore;
    private @Nullable String output;
    private @Nullable String outputSha256;
    private @Nullable Long outputSize;
    private long progressDone;
    private long progressTotal;
    private @Nullable String progressUnit;
    private @Nullable String progressText;
    private @Nullable String reason;

    @Transient
    private boolean fresh;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected StageTaskRow() {}

    public StageTaskRow(TaskId id, TaskPlan plan) {
        this.id = id.key();
        this.runKey = id.run().key();
        this.kind = id.kind();
        this.round = id.round();
        this.index = id.index();
        this.name = plan.name();
        this.payload = Json.MAPPER.writeValueAsString(plan.payload());
        this.status = TaskState.Status.READY;
        this.fresh = true;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        return fresh;
    }

    @PostLoad
    @PostPersist
    void known() {
        fresh = false;
    }

    public String runKey() {
        return runKey;
    }

    public TaskPlan plan() {
        return new TaskPlan(name, Json.MAPPER.readTree(payload));
    }

    public TaskState state(StageRun run) {
        return new TaskState(
                new TaskId(run, kind, round, index),
                status,
                attempt,
                failures,
                losses,
                fencing,
                owner,
                leaseUntil,
                notBefore);
    }

    public void apply(TaskState state) {
        status = state.status();
        attempt = state.attempt();
        failures = state.failures();
        losses = state.losses();
        fencing = state.fencing();
        owner = state.owner();
        leaseUntil = state.leaseUntil();
        notBefore = state.notBefore();
    }

    public void outputs(StoredOutput stored) {
        output = stored.json();
        outputSha256 = stored.blob() == null ? null : stored.blob().sha256();
        outputSize = stored.blob() == null ? null : stored.blob().size();
    }

    public StoredOutput output() {
        return new StoredOutput(
                output, outputSha256 == null || outputSize == null ? null : new BlobRef(outputSha256, outputSize));
    }

    public void progress(long done, long total, String unit, String text) {
        progressDone = done;
        progressTotal = total;
        progressUnit = unit;
        progressText = text;
    }

    public void because(String why) {
        reason = why;
    }
}
