package dev.athanor.stage.service;

import static dev.athanor.stage.service.GatewaySide.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.contracts.message.Topics;
import dev.athanor.stage.WordCountStage;
import dev.athanor.stage.messaging.DeadLetters;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.stage.work.RunningTasks;
import dev.athanor.testing.TestInfrastructure;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Two instances of one service share a broker, a database and a store; a third is killed. */
class StageRuntimeTest {

    private static Map<String, String> settings;
    private static GatewaySide gateway;
    private static ConfigurableApplicationContext one;
    private static ConfigurableApplicationContext two;

    @BeforeAll
    static void startInstances(@TempDir Path folder) {
        TestInfrastructure infrastructure = TestInfrastructure.get();
        settings = new TreeMap<>(infrastructure.environment(folder));
        one = WordCountApplication.start(settings);
        two = WordCountApplication.start(settings);
        gateway = new GatewaySide(infrastructure.brokers());
    }

    @AfterAll
    static void stopInstances() {
        gateway.close();
        two.close();
        one.close();
    }

    private static ArtifactId undisturbed(long seed) throws Exception {
        return StageRunner.of(new WordCountStage(40, 0), one.getBean(ArtifactStore.class))
                .inputs(start(GatewaySide.newRun(), seed).inputs())
                .seed(seed)
                .run()
                .artifact();
    }

    private static List<String> owners(StageRun run) {
        return database()
                .queryForList(
                        "SELECT DISTINCT owner FROM athanor_preprocessing.stage_task WHERE run_key = ? AND kind = 'EXECUTE'",
                        String.class,
                        run.key());
    }

    private static JdbcTemplate database() {
        return one.getBean(JdbcTemplate.class);
    }

    @Test
    void instancesShareTheTasksAndMakeTheArtifactOfAPlainRun() throws Exception {
        StageRun run = GatewaySide.newRun();
        gateway.send(start(run, 11));
        StageEvent.Completed completed = gateway.await(run, StageEvent.Completed.class);

        assertThat(completed.artifact()).isEqualTo(undisturbed(11));
        assertThat(completed.counts()).containsEntry("documents.kept", 3600L).containsEntry("words", 40_000L);
        assertThat(owners(run)).as("both instances did some").hasSize(2);
        assertThat(gateway.events(run, StageEvent.Started.class)).hasSize(1);
        assertThat(gateway.events(run, StageEvent.MetricsRecorded.class)).isNotEmpty();
        assertThat(gateway.events(run, StageEvent.Progressed.class))
                .anySatisfy(p -> assertThat(p.phase() + " " + p.done() + "/" + p.total() + " " + p.unit())
                        .isEqualTo("execute 400/400 steps"));
        assertThat(metric("athanor_data_documents_total", "outcome=\"dropped\"", "reason=\"too-short\""))
                .isGreaterThanOrEqualTo(400);
        assertThat(metric("athanor_stage_tasks_total", "outcome=\"done\"", "stage=\"preprocessing.clean\""))
                .isGreaterThanOrEqualTo(54);
        assertThat(metric("athanor_stage_task_seconds_count", "phase=\"execute\""))
                .isGreaterThanOrEqualTo(50);
    }

    /** Sum over both instances of the samples that have the name and the labels, as Prometheus would scrape them. */
    private static double metric(String name, String... labels) {
        return Stream.of(one, two)
                .map(instance -> instance.getBean(PrometheusMeterRegistry.class).scrape())
                .flatMap(String::lines)
                .filter(line -> line.startsWith(name + "{") && Stream.of(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void aProcessKilledInTheMiddleChangesNothingInTheArtifact(@TempDir Path logs) throws Exception {
        try (var victim = WorkerProcess.start(settings, logs.resolve("victim.log"))) {
            StageRun run = GatewaySide.newRun();
            gateway.send(start(run, TroubledStage.SLOW));
            victim.killWhenItHoldsATaskOf(run, database());
            StageEvent.Completed completed = gateway.await(run, StageEvent.Completed.class);
            assertThat(completed.artifact()).isEqualTo(undisturbed(TroubledStage.SLOW));
            assertThat(gateway.events(run, StageEvent.TaskRetried.class))
                    .anySatisfy(e -> assertThat(e.reason()).contains("stopped answering"));
        }
    }

    @Test
    void aStartThatComesAgainIsANoOp() throws Exception {
        StageRun run = GatewaySide.newRun();
        String id = gateway.send(start(run, 13));
        gateway.send(start(run, 13), id);
        gateway.send(start(run, 14));
        StageEvent.Completed completed = gateway.await(run, StageEvent.Completed.class);
        gateway.send(start(run, 13), id);
        gateway.listen(Duration.ofSeconds(2));
        assertThat(completed.artifact()).isEqualTo(undisturbed(13));
        assertThat(gateway.events(run, StageEvent.Started.class)).hasSize(1);
        assertThat(gateway.events(run, StageEvent.Completed.class)).hasSize(1);
    }

    @Test
    void cancelStopsWorkersWithinAMomentAndForGood() {
        StageRun run = GatewaySide.newRun();
        gateway.send(start(run, TroubledStage.SLOW));
        gateway.await(run, StageEvent.Progressed.class);
        gateway.send(new StageCommand.Cancel(run));
        gateway.await(run, StageEvent.Cancelled.class);
        // The other instance sees it when it renews its leases.
        gateway.listen(Duration.ofSeconds(2));
        assertThat(one.getBean(RunningTasks.class).size()
                        + two.getBean(RunningTasks.class).size())
                .isZero();
        gateway.send(start(run, 15));
        gateway.listen(Duration.ofSeconds(1));
        assertThat(gateway.events(run, StageEvent.Completed.class)).isEmpty();
    }

    @Test
    void aPausedRunRestsUntilItIsResumed() throws Exception {
        StageRun run = GatewaySide.newRun();
        gateway.send(start(run, TroubledStage.SLOW));
        gateway.await(run, StageEvent.Progressed.class);
        gateway.send(new StageCommand.Pause(run));
        gateway.await(run, StageEvent.Paused.class);
        gateway.listen(Duration.ofSeconds(2));
        long done = tasksDone(run);
        gateway.listen(Duration.ofSeconds(2));
        assertThat(tasksDone(run)).isEqualTo(done).isLessThan(40);
        gateway.send(new StageCommand.Resume(run));
        assertThat(gateway.await(run, StageEvent.Completed.class).artifact())
                .isEqualTo(undisturbed(TroubledStage.SLOW));
    }

    private static long tasksDone(StageRun run) {
        Long done = database()
                .queryForObject(
                        "SELECT count(*) FROM athanor_preprocessing.stage_task"
                                + " WHERE run_key = ? AND kind = 'EXECUTE' AND status = 'DONE'",
                        Long.class,
                        run.key());
        return done;
    }

    @Test
    void aTaskThatFailsOnceIsTriedAgain() throws Exception {
        StageRun run = GatewaySide.newRun();
        gateway.send(start(run, TroubledStage.FAILS_ONCE));
        assertThat(gateway.await(run, StageEvent.Completed.class).artifact())
                .isEqualTo(undisturbed(TroubledStage.FAILS_ONCE));
        assertThat(gateway.events(run, StageEvent.TaskRetried.class))
                .singleElement()
                .satisfies(e -> {
                    assertThat(e.attempt()).isEqualTo(2);
                    assertThat(e.reason()).contains("the disk of task 3 went away");
                });
    }

    @Test
    void aTaskThatFailsThreeTimesGoesToTheDeadLettersAndFailsTheStage() {
        StageRun run = GatewaySide.newRun();
        gateway.send(start(run, TroubledStage.FAILS));
        StageEvent.Failed failed = gateway.await(run, StageEvent.Failed.class);
        assertThat(failed.message()).contains("execute-0-3").contains("the disk of task 3 went away");
        assertThat(gateway.events(run, StageEvent.TaskRetried.class)).hasSize(2);
        assertThat(gateway.events(run, StageEvent.DeadLettered.class)).hasSize(1);
        var dead =
                gateway.awaitRecord(Topics.deadLetters(Topics.tasks(GatewaySide.SERVICE)), run.key() + "/execute-0-3");
        assertThat(GatewaySide.header(dead.headers(), DeadLetters.REASON)).contains("went away");
    }

    @Test
    void anUnreadableStartCommandIsPutAsideAndFailsTheStage() {
        StageRun run = GatewaySide.newRun();
        String topic = Topics.commands(GatewaySide.SERVICE);
        byte[] garbage = "{\"type\":\"stage.start\",".getBytes(StandardCharsets.UTF_8);
        gateway.send(
                topic,
                run.jobId(),
                garbage,
                Map.of(
                        "ce_id",
                        "x-" + run.jobId(),
                        "ce_type",
                        "dev.athanor.stage.start",
                        "ce_subject",
                        run.key(),
                        "ce_stagetype",
                        run.type().id()));
        assertThat(gateway.await(run, StageEvent.Failed.class).code()).isEqualTo(ErrorCode.POISON_MESSAGE);
        assertThat(gateway.await(run, StageEvent.DeadLettered.class).reason()).contains("StageCommand");
        var dead = gateway.awaitRecord(Topics.deadLetters(topic), run.jobId());
        assertThat(dead.value()).isEqualTo(garbage);
        assertThat(GatewaySide.header(dead.headers(), DeadLetters.REASON)).contains("not a StageCommand");
        assertThat(GatewaySide.header(dead.headers(), "ce_subject")).isEqualTo(run.key());
    }

    @Test
    void aCommandThatMakesNoSenseSaysWhatIsWrong() {
        StageRun run = GatewaySide.newRun();
        gateway.send(new StageCommand.Start(
                run,
                dev.athanor.contracts.json.Json.MAPPER.readTree("{\"shardBytes\":-1}"),
                start(run, 1).inputs(),
                1));
        assertThat(gateway.await(run, StageEvent.Failed.class).message())
                .contains("spec.shardBytes")
                .contains("'-1'");
        StageRun without = GatewaySide.newRun();
        gateway.send(new StageCommand.Start(
                without, dev.athanor.contracts.json.Json.MAPPER.createObjectNode(), new TreeMap<>(), 1));
        assertThat(gateway.await(without, StageEvent.Failed.class).message()).contains("inputs.documents");
    }

    @Test
    void poisonAmongTheTasksDoesNotStopTheOthers() throws Exception {
        String key = "poison-" + System.nanoTime();
        gateway.send(Topics.tasks(GatewaySide.SERVICE), key, new byte[] {1, 2, 3}, Map.of());
        var dead = gateway.awaitRecord(Topics.deadLetters(Topics.tasks(GatewaySide.SERVICE)), key);
        assertThat(GatewaySide.header(dead.headers(), DeadLetters.REASON)).contains("not a TaskReady");
        StageRun run = GatewaySide.newRun();
        gateway.send(start(run, 16));
        assertThat(gateway.await(run, StageEvent.Completed.class).artifact()).isEqualTo(undisturbed(16));
    }
}
