package dev.athanor.stage.work;

import dev.athanor.contracts.message.StageCommand;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.run.TaskId;

/** A task that this instance holds with a fencing token. */
public record ClaimedTask(StageCommand.Start start, TaskId id, TaskPlan plan, int attempt, long fencing) {

    public String runKey() {
        return start.run().key();
    }
}
