package dev.athanor.contracts.message;

import dev.athanor.contracts.error.Checks;

/** A task waits to be run; the reference travels, the work is in the service's schema (claim check). Topic {@link Topics#tasks}, key = task id. */
public record TaskReady(StageRun run, String taskId) {

    public TaskReady {
        Checks.present("run", run);
        Checks.notBlank("taskId", taskId);
    }
}
