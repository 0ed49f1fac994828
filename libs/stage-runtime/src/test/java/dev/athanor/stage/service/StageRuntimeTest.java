package dev.athanor.stage.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.contracts.message.Topics;
import dev.athanor.stage.WordCountStage;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.testing.TestInfrastructure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Two instances of one service share a broker, a database and a store. */
class StageRuntimeTest {

    private static GatewaySide gateway;
    private static ConfigurableApplicationContext one;
    private static ConfigurableApplicationContext two;

    @BeforeAll
    static void start(@TempDir Path folder) {
        TestInfrastructure infrastructure = TestInfrastructure.get();
        Map<String, String> settings = new TreeMap<>(infrastructure.environment(folder));
        one = WordCountApplication.start(settings);
        two = WordCountApplication.start(settings);
        gateway = new GatewaySide(infrastructure.brokers());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        two.close();
        one.close();
    }

    @Test
    void instancesShareTheTasksAndMakeTheArtifactOfAPlainRun() throws Exception {
        StageRun run = GatewaySide.newRun();
        gateway.send(GatewaySide.start(run, 11));
        StageEvent.Completed completed = gateway.await(run, StageEvent.Completed.class);

        var store = one.getBean(ArtifactStore.class);
        var plain = StageRunner.of(new WordCountStage(40, 0), store)
                .inputs(GatewaySide.start(run, 11).inputs())
                .seed(11)
                .run();
        assertThat(completed.artifact()).isEqualTo(plain.artifact());
        assertThat(completed.counts()).containsEntry("documents.kept", 3600L).containsEntry("words", 40_000L);
        assertThat(gateway.events(run, StageEvent.Started.class)).hasSize(1);
        assertThat(gateway.events(run, StageEvent.MetricsRecorded.class)).isNotEmpty();
        assertThat(gateway.events(run, StageEvent.Progressed.class))
                .anySatisfy(p -> assertThat(p.phase() + " " + p.done() + "/" + p.total() + " " + p.unit())
                        .isEqualTo("execute 400/400 steps"));
    }

    @Test
    void anUnreadableStartCommandFailsTheStageAndIsPutAside() {
        StageRun run = GatewaySide.newRun();
        gateway.send(
                Topics.commands(GatewaySide.SERVICE),
                run.jobId(),
                "{\"type\":\"stage.start\",".getBytes(StandardCharsets.UTF_8),
                Map.of(
                        "ce_id",
                        "x-" + run.jobId(),
                        "ce_type",
                        "dev.athanor.stage.start",
                        "ce_subject",
                        run.key(),
                        "ce_stagetype",
                        run.type().id()));
        StageEvent.Failed failed = gateway.await(run, StageEvent.Failed.class);
        assertThat(failed.code()).isEqualTo(ErrorCode.POISON_MESSAGE);
        assertThat(gateway.await(run, StageEvent.DeadLettered.class).reason()).contains("StageCommand");
    }

    @Test
    void cancelStopsWithinAMoment() {
        StageRun run = GatewaySide.newRun();
        gateway.send(GatewaySide.start(run, 12));
        gateway.await(run, StageEvent.Started.class);
        gateway.send(new StageCommand.Cancel(run));
        gateway.await(run, StageEvent.Cancelled.class, e -> true, Duration.ofSeconds(10));
    }
}
