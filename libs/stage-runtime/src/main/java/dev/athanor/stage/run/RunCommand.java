package dev.athanor.stage.run;

import dev.athanor.contracts.message.StageEvent;

/** What is to be done after a transition, in the same transaction with the new state. */
public sealed interface RunCommand {

    /** Create the tasks of a phase, all READY, and offer each. */
    record Open(TaskId.Kind kind, int round, int count) implements RunCommand {}

    /** Tell the instances that a task waits. */
    record Offer(TaskId task) implements RunCommand {}

    /** Offer again all tasks that wait. */
    record OfferAll() implements RunCommand {}

    /** Tell the gateway. */
    record Tell(StageEvent event) implements RunCommand {}

    /** Put the task on the dead-letter topic. */
    record DeadLetter(TaskId task, String reason) implements RunCommand {}

    /** Close the tasks that are not done: the run has ended. */
    record CloseTasks() implements RunCommand {}

    /** Make workers stop what they do for this run, as fast as they can. */
    record StopWorkers() implements RunCommand {}
}
