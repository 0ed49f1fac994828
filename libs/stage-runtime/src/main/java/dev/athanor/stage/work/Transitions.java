package dev.athanor.stage.work;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.TaskReady;
import dev.athanor.contracts.message.Topics;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.messaging.CloudEvent;
import dev.athanor.stage.messaging.DeadLetters;
import dev.athanor.stage.messaging.Outbox;
import dev.athanor.stage.metrics.StageMetrics;
import dev.athanor.stage.persistence.StageRunRow;
import dev.athanor.stage.persistence.StageTaskRow;
import dev.athanor.stage.persistence.StageTaskRows;
import dev.athanor.stage.run.RunCommand;
import dev.athanor.stage.run.TaskId;
import dev.athanor.stage.run.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes down a transition of the state machine and carries out its commands; all in the caller's transaction. */
public class Transitions {

    private static final TaskPlan BARE = new TaskPlan("bare", Json.MAPPER.createObjectNode());

    /** Offers only wake free workers, who then look for more themselves; so a big round needs no more of them. */
    private static final int MAX_OFFERS = 200;

    private final StageTaskRows tasks;
    private final Outbox outbox;
    private final RunningTasks running;
    private final StageMetrics metrics;

    public Transitions(StageTaskRows tasks, Outbox outbox, RunningTasks running, StageMetrics metrics) {
        this.tasks = tasks;
        this.outbox = outbox;
        this.running = running;
        this.metrics = metrics;
    }

    void carryOut(StageRunRow row, Transition transition, Instant now) {
        carryOut(row, transition, List.of(), now);
    }

    /** @param plan the tasks of an execute phase that the transition opens */
    void carryOut(StageRunRow row, Transition transition, List<TaskPlan> plan, Instant now) {
        row.apply(Objects.requireNonNull(transition.run()), now);
        for (RunCommand command : transition.commands()) {
            switch (command) {
                case RunCommand.Open open -> open(row, open, plan, now);
                case RunCommand.Offer offer -> offer(row, offer.task().key());
                case RunCommand.OfferAll ignored ->
                    tasks.waiting(row.run().key()).stream().limit(MAX_OFFERS).forEach(id -> offer(row, id));
                case RunCommand.Tell tell -> tell(tell.event());
                case RunCommand.DeadLetter dead -> deadLetter(dead);
                case RunCommand.CloseTasks ignored -> tasks.close(row.run().key());
                case RunCommand.StopWorkers ignored ->
                    afterCommit(() -> running.stop(row.run().key(), "stopped"));
            }
        }
    }

    void tell(StageEvent event) {
        outbox.add(Topics.events(event.run().type().service()), CloudEvent.of(event));
        switch (event) {
            case StageEvent.Completed e -> metrics.run(e.run().type(), "completed");
            case StageEvent.Failed e -> metrics.run(e.run().type(), "failed");
            case StageEvent.Cancelled e -> metrics.run(e.run().type(), "cancelled");
            default -> {}
        }
    }

    private void open(StageRunRow row, RunCommand.Open open, List<TaskPlan> plan, Instant now) {
        row.progressed(now, 0, 0);
        for (int i = 0; i < open.count(); i++) {
            TaskId id = new TaskId(row.run(), open.kind(), open.round(), i);
            tasks.save(new StageTaskRow(id, open.kind() == TaskId.Kind.EXECUTE ? plan.get(i) : BARE));
            if (i < MAX_OFFERS) {
                offer(row, id.key());
            }
        }
    }

    private void offer(StageRunRow row, String taskId) {
        outbox.add(Topics.tasks(row.run().type().service()), CloudEvent.of(new TaskReady(row.run(), taskId)));
    }

    private void deadLetter(RunCommand.DeadLetter dead) {
        String service = dead.task().run().type().service();
        String topic = Topics.deadLetters(Topics.tasks(service));
        TaskReady task = new TaskReady(dead.task().run(), dead.task().key());
        outbox.add(topic, CloudEvent.of(task), Map.of(DeadLetters.REASON, dead.reason()));
        tell(new StageEvent.DeadLettered(dead.task().run(), topic, dead.task().key() + ": " + dead.reason()));
        metrics.deadLettered(service, ErrorCode.TASK_FAILED);
        metrics.task(dead.task().run().type(), "dead");
    }

    private static void afterCommit(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }
}
