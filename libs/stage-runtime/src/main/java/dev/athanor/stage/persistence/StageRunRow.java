package dev.athanor.stage.persistence;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.stage.run.RunState;
import dev.athanor.stage.run.TaskId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** A stage run: what was asked for, and where it stands. */
@Entity
@Table(name = "stage_run")
public class StageRunRow {

    @Id
    private String runKey;

    private String jobId;
    private String stageId;
    private String stageType;
    private int attempt;

    private String spec;
    private String inputs;
    private long seed;

    @Enumerated(EnumType.STRING)
    private JobStatus status;

    @Enumerated(EnumType.STRING)
    private TaskId.Kind phase;

    private int round;

    @Column(name = "open_tasks")
    private int open;

    private @Nullable Instant progressAt;
    private long progressDone;
    private double progressRate;
    private boolean scratchCleared;
    private Instant createdAt;
    private Instant updatedAt;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected StageRunRow() {}

    public StageRunRow(StageCommand.Start start, RunState state, Instant now) {
        StageRun run = start.run();
        this.runKey = run.key();
        this.jobId = run.jobId();
        this.stageId = run.stageId();
        this.stageType = run.type().id();
        this.attempt = run.attempt();
        this.spec = Json.MAPPER.writeValueAsString(start.spec());
        this.inputs = Json.MAPPER.writeValueAsString(start.inputs());
        this.seed = start.seed();
        this.status = state.status();
        this.phase = state.phase();
        this.round = state.round();
        this.open = state.open();
        this.createdAt = now;
        this.updatedAt = now;
    }

    public StageRun run() {
        return new StageRun(jobId, stageId, StageType.of(stageType), attempt);
    }

    public StageCommand.Start start() {
        return new StageCommand.Start(
                run(),
                Json.MAPPER.readTree(spec),
                Json.MAPPER.readValue(inputs, new TypeReference<TreeMap<String, ArtifactId>>() {}),
                seed);
    }

    public RunState state() {
        return new RunState(run(), status, phase, round, open);
    }

    public void apply(RunState state, Instant now) {
        status = state.status();
        phase = state.phase();
        round = state.round();
        open = state.open();
        updatedAt = now;
    }

    public @Nullable Instant progressAt() {
        return progressAt;
    }

    public long progressDone() {
        return progressDone;
    }

    public double progressRate() {
        return progressRate;
    }

    public void progressed(Instant at, long done, double rate) {
        progressAt = at;
        progressDone = done;
        progressRate = rate;
    }

    public void scratchIsCleared() {
        scratchCleared = true;
    }

    public boolean isScratchCleared() {
        return scratchCleared;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
