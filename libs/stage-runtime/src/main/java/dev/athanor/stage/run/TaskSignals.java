package dev.athanor.stage.run;

import dev.athanor.contracts.message.MetricPoint;
import java.util.List;

/** What a running task tells, and asks whether to go on; see {@link dev.athanor.stage.api.TaskContext}. */
public interface TaskSignals {

    void progress(long done, long total, String unit, String message);

    void metrics(List<MetricPoint> points);

    /** Of the lease under which the task is done. */
    long fencing();

    void checkStop() throws InterruptedException;
}
