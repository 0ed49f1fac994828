package dev.athanor.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.gateway.job.JobMachine.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A job among services that fail at will, over a network that loses, repeats and reorders in both directions. */
class JobMachinePropertyTest {

    private static final JobSpec SMALL = Jobs.spec("""
            {"name":"two","seed":1,"stages":[
              {"id":"in","type":"ingestion.documents"},
              {"id":"clean","type":"preprocessing.clean","inputs":{"documents":"in"}}]}
            """);

    @Property(tries = 400)
    void anyOrderOfLostLateAndRepeatedMessagesEndsConsistently(@ForAll Random random, @ForAll boolean small) {
        var world = new World(small ? SMALL : Jobs.PIPELINE, random, 0.15);
        for (int i = 0; i < 120; i++) {
            world.chaos();
        }
        world.settle();
        assertThat(world.job.status().terminal()).isTrue();
        assertThat(JobMachine.replay(world.stored)).isEqualTo(world.job);
        assertThat(world.job.stages()).noneMatch(StageState::active);
    }

    @Property(tries = 100)
    void withoutFailuresEveryDisturbedRunEndsWithTheArtifactsOfAnUndisturbedOne(@ForAll Random random) {
        var calm = new World(Jobs.PIPELINE, new Random(0), 0);
        calm.settle();
        var rough = new World(Jobs.PIPELINE, random, 0);
        rough.users = false;
        for (int i = 0; i < 200; i++) {
            rough.chaos();
        }
        rough.settle();
        assertThat(rough.job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(artifacts(rough.job)).isEqualTo(artifacts(calm.job));
        assertThat(rough.job.stages()).allMatch(s -> s.attempt() == 1);
    }

    @Example
    void anUndisturbedPipelineSucceeds() {
        var world = new World(Jobs.PIPELINE, new Random(1), 0);
        world.settle();
        assertThat(artifacts(world.job)).hasSize(10).doesNotContainValue(null);
    }

    private static Map<String, ArtifactId> artifacts(JobState job) {
        Map<String, ArtifactId> made = new TreeMap<>();
        job.stages().forEach(s -> made.put(s.id(), s.artifact()));
        return made;
    }

    /** All services in one; they do not know runs whose start has not reached them, and answer a second start. */
    private static final class World {
        private final Random random;
        private final double failures;
        private final Map<StageRun, StageCommand.Start> known = new HashMap<>();
        private final Map<StageRun, StageEvent> ended = new HashMap<>();
        private final Map<StageRun, Boolean> paused = new HashMap<>();
        private final Map<StageRun, StageCommand.Start> seen = new HashMap<>();
        private final List<StageCommand> commands = new ArrayList<>();
        private final List<StageEvent> events = new ArrayList<>();
        private final List<JobEvent> stored = new ArrayList<>();
        private boolean users = true;
        private Instant now = Instant.EPOCH;
        private JobState job;

        World(JobSpec spec, Random random, double failures) {
            this.random = random;
            this.failures = failures;
            var submitted = new JobEvent.Submitted(now, "job_x", spec);
            stored.add(submitted);
            Step step = JobMachine.submit(submitted);
            job = step.state();
            send(step.commands());
        }

        void chaos() {
            now = now.plusMillis(random.nextInt(50));
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> pick(commands, true);
                case 3, 4, 5 -> pick(events, true);
                case 6, 7 -> work();
                case 8 -> {
                    if (users) {
                        user(JobRequest.values()[random.nextInt(4)]);
                    }
                }
                default -> send(JobMachine.resync(job));
            }
        }

        /** The network is good again: everything arrives, and the gateway asks until the job has ended. */
        void settle() {
            for (int round = 0; round < 500 && !job.status().terminal(); round++) {
                user(JobRequest.RESUME);
                while (!commands.isEmpty()) {
                    pick(commands, false);
                }
                for (int i = 0; i < 20; i++) {
                    work();
                }
                while (!events.isEmpty()) {
                    pick(events, false);
                }
                send(JobMachine.resync(job));
            }
        }

        /** Takes one message, any one; where the network is bad it may be lost, or be kept to come again. */
        private void pick(List<?> messages, boolean bad) {
            if (messages.isEmpty()) {
                return;
            }
            int i = random.nextInt(messages.size());
            int fate = bad ? random.nextInt(10) : 9;
            Object message = fate < 3 ? messages.get(i) : messages.remove(i);
            if (fate == 3) {
                return;
            }
            switch (message) {
                case StageCommand c -> serve(c);
                case StageEvent e -> take(new JobEvent.Reported(now, e));
                default -> throw new AssertionError(message);
            }
        }

        private void user(JobRequest request) {
            take(new JobEvent.Requested(now, request));
        }

        private void take(JobEvent event) {
            JobState before = job;
            Step step = JobMachine.apply(job, event);
            assertThat(step.changed()).isEqualTo(!step.state().equals(before));
            assertThat(step.commands().isEmpty() || step.changed())
                    .as("no command without a change of state")
                    .isTrue();
            assertThat(JobMachine.apply(step.state(), event).commands())
                    .as("an event taken twice asks for nothing more")
                    .isEmpty();
            if (step.changed()) {
                stored.add(event);
            }
            job = step.state();
            for (StageState stage : job.stages()) {
                StageState was = before.stage(stage.id());
                assertThat(stage.attempt()).isGreaterThanOrEqualTo(was.attempt());
                if (was.status().terminal() && stage.attempt() == was.attempt()) {
                    assertThat(stage).isEqualTo(was);
                }
                if (stage.status() == JobStatus.SUCCEEDED) {
                    assertThat(stage.artifact()).isNotNull();
                }
            }
            send(step.commands());
        }

        private void send(List<StageCommand> sent) {
            for (StageCommand command : sent) {
                if (command instanceof StageCommand.Start start) {
                    job.stageSpec(start.run().stageId())
                            .inputs()
                            .forEach((role, from) -> assertThat(job.stage(from).status())
                                    .as("input %s of %s", role, start.run().stageId())
                                    .isEqualTo(JobStatus.SUCCEEDED));
                    StageCommand.Start first = seen.putIfAbsent(start.run(), start);
                    assertThat(first == null || first.equals(start))
                            .as("one run has one start")
                            .isTrue();
                }
                commands.add(command);
            }
        }

        private void serve(StageCommand command) {
            StageRun run = command.run();
            if (command instanceof StageCommand.Start start) {
                boolean again = known.putIfAbsent(run, start) != null;
                events.add(again && ended.containsKey(run) ? ended.get(run) : new StageEvent.Started(run));
            } else if (known.containsKey(run) && !ended.containsKey(run)) {
                switch (command) {
                    case StageCommand.Cancel c -> end(new StageEvent.Cancelled(run));
                    case StageCommand.Pause p -> {
                        paused.put(run, true);
                        events.add(new StageEvent.Paused(run));
                    }
                    default -> {
                        paused.put(run, false);
                        events.add(new StageEvent.Resumed(run));
                    }
                }
            }
        }

        private void work() {
            List<StageRun> running = known.keySet().stream()
                    .filter(r -> !ended.containsKey(r) && !paused.getOrDefault(r, false))
                    .sorted(java.util.Comparator.comparing(StageRun::key))
                    .toList();
            if (running.isEmpty()) {
                return;
            }
            StageRun run = running.get(random.nextInt(running.size()));
            if (random.nextInt(3) > 0) {
                events.add(new StageEvent.Progressed(run, "execute", random.nextInt(9), 9, "tasks", 1, null));
            } else if (random.nextDouble() < failures) {
                end(new StageEvent.Failed(run, ErrorCode.TASK_FAILED, "bad luck"));
            } else {
                end(new StageEvent.Completed(run, Jobs.artifactOf(known.get(run)), new TreeMap<>()));
            }
        }

        private void end(StageEvent event) {
            ended.put(event.run(), event);
            events.add(event);
        }
    }
}
