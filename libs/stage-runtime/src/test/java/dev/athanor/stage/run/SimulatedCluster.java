package dev.athanor.stage.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.stage.run.TaskId.Kind;
import dev.athanor.stage.run.TaskState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Rows, workers and a bad network around {@link StageMachine}: what workers say lies in a bag, from which it is delivered
 * in any order, any number of times, or never. Each step checks what must always hold.
 */
final class SimulatedCluster {

    /** Something a worker said of a task. */
    private record Word(TaskId task, RunEvent.OfTask event) {}

    private static final StageMachine.Policy POLICY =
            new StageMachine.Policy(Duration.ofSeconds(10), 3, 5, Duration.ofSeconds(1));

    private final StageMachine machine = new StageMachine(POLICY);
    private final StageRun stageRun = new StageRun("job", "stage", StageType.CLEAN, 1);
    private final int[] tasksOfRound;
    private final Map<TaskId, TaskState> tasks = new LinkedHashMap<>();
    private final Set<TaskId> accepted = new HashSet<>();
    private final List<Word> bag = new ArrayList<>();
    private final List<StageEvent> told = new ArrayList<>();
    private RunState run;
    private Instant now = Instant.EPOCH;

    SimulatedCluster(int... tasksOfRound) {
        this.tasksOfRound = tasksOfRound;
    }

    RunState run() {
        return run;
    }

    Map<TaskId, TaskState> tasks() {
        return tasks;
    }

    List<StageEvent> told() {
        return told;
    }

    <E extends StageEvent> List<E> told(Class<E> type) {
        return told.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** One random thing happens. */
    void step(Random random, boolean failures) {
        switch (random.nextInt(failures ? 14 : 11)) {
            case 0 -> start();
            case 1, 2 -> now = now.plusMillis(random.nextInt(4000));
            case 3, 4, 5 -> anyTask(random, this::claim);
            case 6 -> anyTask(random, this::finish);
            case 7 ->
                anyTask(random, id -> say(id, new RunEvent.Renew(tasks.get(id).fencing(), now)));
            case 8, 9 -> deliver(random, random.nextBoolean());
            case 10 -> ofRun(random.nextBoolean() ? new RunEvent.Pause() : new RunEvent.Resume());
            case 11 ->
                anyTask(random, id -> say(id, new RunEvent.Release(tasks.get(id).fencing())));
            case 12 ->
                anyTask(
                        random,
                        id -> say(id, new RunEvent.Failed(tasks.get(id).fencing(), ErrorCode.TASK_FAILED, "no", now)));
            default -> now = now.plus(POLICY.lease()).plusSeconds(1);
        }
    }

    /** From now on nothing goes wrong any more. */
    void calmDown() {
        start();
        ofRun(new RunEvent.Resume());
        for (int i = 0; i < 10_000 && !run.terminal(); i++) {
            now = now.plus(POLICY.lease()).plusSeconds(1);
            for (TaskId id : List.copyOf(tasks.keySet())) {
                ofTask(id, new RunEvent.Expire(now));
                claim(id);
                finish(id);
            }
            while (!bag.isEmpty()) {
                Word word = bag.removeFirst();
                ofTask(word.task(), word.event());
            }
        }
    }

    void start() {
        ofRun(new RunEvent.Start(stageRun));
    }

    void cancel() {
        ofRun(new RunEvent.Cancel(stageRun));
    }

    private interface OnTask {
        void accept(TaskId id);
    }

    private void anyTask(Random random, OnTask action) {
        if (!tasks.isEmpty()) {
            action.accept(List.copyOf(tasks.keySet()).get(random.nextInt(tasks.size())));
        }
    }

    private void claim(TaskId id) {
        long before = tasks.get(id).fencing();
        if (ofTask(id, new RunEvent.Claim("worker", now))) {
            assertThat(tasks.get(id).fencing()).as("fencing tokens grow").isGreaterThan(before);
        }
    }

    /** A worker that holds the task, or once held it, says that it is done. */
    private void finish(TaskId id) {
        long token = tasks.get(id).fencing();
        say(
                id,
                switch (id.kind()) {
                    case PLAN ->
                        new RunEvent.Planned(token, id.round() < tasksOfRound.length ? tasksOfRound[id.round()] : 0);
                    case EXECUTE -> new RunEvent.Executed(token);
                    case MERGE -> new RunEvent.Merged(token, ArtifactId.ofSha256("0".repeat(64)), new TreeMap<>());
                });
    }

    private void say(TaskId id, RunEvent.OfTask event) {
        bag.add(new Word(id, event));
    }

    private void deliver(Random random, boolean again) {
        if (!bag.isEmpty()) {
            int at = random.nextInt(bag.size());
            Word word = again ? bag.get(at) : bag.remove(at);
            ofTask(word.task(), word.event());
        }
    }

    private boolean ofTask(TaskId id, RunEvent.OfTask event) {
        TaskState before = tasks.get(id);
        Transition transition = machine.on(run, before, event);
        if (!transition.accepted()) {
            assertThat(transition.commands())
                    .as("a refused event has no effect")
                    .isEmpty();
            assertThat(transition.run()).isEqualTo(run);
            assertThat(transition.task()).isEqualTo(before);
            return false;
        }
        tasks.put(id, transition.task());
        if (transition.task().status() == Status.DONE) {
            assertThat(accepted.add(id)).as("one result of %s is taken", id).isTrue();
        }
        carryOut(transition);
        return true;
    }

    private void ofRun(RunEvent.OfRun event) {
        Transition transition = machine.on(run, event);
        if (transition.accepted()) {
            carryOut(transition);
        } else {
            assertThat(transition.commands()).isEmpty();
        }
    }

    private void carryOut(Transition transition) {
        assertThat(run != null && run.terminal())
                .as("an ended run stays as it is")
                .isFalse();
        run = transition.run();
        for (RunCommand command : transition.commands()) {
            switch (command) {
                case RunCommand.Open open -> open(open);
                case RunCommand.Tell tell -> told.add(tell.event());
                case RunCommand.CloseTasks ignored ->
                    tasks.replaceAll((id, t) ->
                            t.status() == Status.READY || t.status() == Status.LEASED ? t.ended(Status.CLOSED) : t);
                default -> {}
            }
        }
        check();
    }

    private void open(RunCommand.Open open) {
        assertThat(tasks.values())
                .as("a phase begins when the one before is done")
                .allSatisfy(t -> assertThat(t.status()).isEqualTo(Status.DONE));
        for (int i = 0; i < open.count(); i++) {
            TaskId id = new TaskId(stageRun, open.kind(), open.round(), i);
            assertThat(tasks.put(id, TaskState.ready(id)))
                    .as("a task is created once")
                    .isNull();
        }
    }

    private void check() {
        List<StageEvent> ends = told.stream()
                .filter(e -> e instanceof StageEvent.Completed
                        || e instanceof StageEvent.Failed
                        || e instanceof StageEvent.Cancelled)
                .toList();
        assertThat(ends).as("an end is told once").hasSize(run.terminal() ? 1 : 0);
        if (!run.terminal()) {
            long open = tasks.values().stream()
                    .filter(t -> t.id().kind() == run.phase() && t.id().round() == run.round())
                    .filter(t -> t.status() != Status.DONE)
                    .count();
            assertThat(run.open()).as("count of open tasks").isEqualTo((int) open);
            assertThat(open).as("there is always something to do").isPositive();
        }
        if (run.status() == JobStatus.SUCCEEDED) {
            assertThat(tasks.values()).allSatisfy(t -> assertThat(t.status()).isEqualTo(Status.DONE));
            assertThat(tasks.keySet().stream()
                            .filter(id -> id.kind() == Kind.EXECUTE)
                            .sorted(Comparator.comparing(TaskId::round).thenComparing(TaskId::index))
                            .map(id -> id.round() + "." + id.index())
                            .toList())
                    .isEqualTo(expectedTasks());
        }
    }

    private List<String> expectedTasks() {
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < tasksOfRound.length; round++) {
            for (int i = 0; i < tasksOfRound[round]; i++) {
                expected.add(round + "." + i);
            }
        }
        return expected;
    }
}
