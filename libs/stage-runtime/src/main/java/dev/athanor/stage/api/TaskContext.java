package dev.athanor.stage.api;

import dev.athanor.artifacts.Scratch;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageRun;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What {@link Stage#execute} may read, and how it reports. Reporting is cheap and may be called for every document or
 * step: the runtime thins it out.
 *
 * @param <S> specification record
 */
public interface TaskContext<S extends Record> extends StageContext<S> {

    String name();

    JsonNode payload();

    /** Empty folder of this call on local disk; removed afterwards. */
    Path workFolder();

    /** Durable named files shared by all attempts at this task, e.g. checkpoints; kept until the job's stage has ended. */
    Scratch scratch();

    /** Durable named files shared by all tasks of this run of the stage; kept as long. */
    Scratch sharedScratch();

    /** Names this run of the stage: the same for all its tasks and all attempts at them. */
    StageRun run();

    /** Grows each time that the task is handed out: of two workers that hold it, the one with the smaller number has lost it. */
    long fencing();

    /** Work done so far in this task, in {@code unit}s of {@code total} (0 = unknown). */
    void progress(long done, long total, String unit, String message);

    void metrics(List<MetricPoint> points);

    /**
     * Called often by long loops: returns at once while the task may go on.
     *
     * @throws InterruptedException when the task was cancelled or paused, or its lease was lost; save nothing after it
     *     except through {@link #scratch}
     */
    void checkStop() throws InterruptedException;
}
