package dev.athanor.stage.api;

import dev.athanor.contracts.job.StageType;
import java.io.IOException;
import java.util.List;

/**
 * A stage is a pure function of (input artifacts, spec, seed), in three parts: {@link #plan} cuts a round of independent
 * tasks, {@link #execute} does one of them anywhere, {@link #merge} makes the artifact. Equal inputs give equal bytes for
 * any number of workers, kills and retries; so no clock, host name or order of completion may reach an output.
 *
 * @param <S> specification record
 */
public interface Stage<S extends Record> {

    StageType type();

    /**
     * The tasks of the next round; an empty list ends the rounds and leads to {@link #merge}. Round 0 is asked first;
     * the outputs of the rounds before are in the context. A stage that is one long task (training) returns one task.
     */
    List<TaskPlan> plan(StageContext<S> context) throws IOException, InterruptedException;

    /** Does one task. May be called again for the same task, also while a dead worker's call still runs. */
    TaskOutput execute(TaskContext<S> context) throws IOException, InterruptedException;

    /** Makes the artifact from the outputs of all rounds, which come in order of round and of position in the plan. */
    StageOutput merge(StageContext<S> context) throws IOException, InterruptedException;
}
