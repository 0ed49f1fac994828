package dev.athanor.gateway.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.gateway.Gateway;
import dev.athanor.gateway.mlflow.FakeMlflow.Mood;
import dev.athanor.gateway.mlflow.FakeMlflow.Run;
import dev.athanor.gateway.service.JobService;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs at a server of MLflow's interface that is well, silent, broken, or not there. */
@Timeout(180)
class MlflowReporterTest {

    private static final ArtifactId TOKENS = new ArtifactId("sha256:" + "a".repeat(64));
    private static final ArtifactId MODEL = new ArtifactId("sha256:" + "b".repeat(64));

    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.shared();
    }

    @Test
    void aRunHoldsTheSpecificationTheSeriesAndTheArtifact() throws Exception {
        try (var server = new FakeMlflow(gateway.mlflowPort(), Mood.WELL)) {
            String job = submit("\"experiment\": \"poems\", ");
            report(new StageEvent.Started(run(job)));
            points(job, 1, 2_500);
            report(new StageEvent.Completed(run(job), MODEL, new TreeMap<>(Map.of("tokens.trained", 640L))));
            eventually(() -> ended(server, job, "FINISHED"));

            Run run = server.of(job, "pretrain");
            assertThat(run.experiment).isEqualTo(server.experiments.get("poems"));
            assertThat(run.metrics).hasSize(2_501).anyMatch(p -> p.startsWith("loss 2500 4.0E-4 "));
            assertThat(run.metrics).anyMatch(p -> p.startsWith("counts.tokens.trained 0 640.0 "));
            assertThat(run.params)
                    .containsEntry("seed", "9")
                    .containsEntry("steps", "77")
                    .containsEntry("model.layers", "3")
                    .containsEntry("precision", "bf16");
            assertThat(run.tags)
                    .containsEntry("mlflow.runName", "verse / pretrain")
                    .containsEntry("athanor.job", job)
                    .containsEntry("athanor.stage_type", "trainer.pretrain")
                    .containsEntry("athanor.input.tokens", TOKENS.value())
                    .containsEntry("athanor.artifact", MODEL.value());
            assertThat(server.authorizations).containsOnly("Bearer " + Gateway.MLFLOW_TOKEN);
        }
    }

    @Test
    void whatAServerDidNotTakeIsToldLaterAndOnce() throws Exception {
        String job = submit("");
        // Nobody listens.
        report(new StageEvent.Started(run(job)));
        points(job, 1, 10);
        try (var silent = new FakeMlflow(gateway.mlflowPort(), Mood.SILENT)) {
            eventually(() -> silent.requests.get() > 0);
            points(job, 11, 20);
        }
        try (var server = new FakeMlflow(gateway.mlflowPort(), Mood.BROKEN)) {
            eventually(() -> server.requests.get() > 1);
            points(job, 21, 30);
            report(new StageEvent.Failed(run(job), ErrorCode.TASK_FAILED, "out of memory"));
            server.mood = Mood.WELL;
            eventually(() -> ended(server, job, "FAILED"));
            Run run = server.of(job, "pretrain");
            assertThat(run.metrics).hasSize(30);
            assertThat(run.tags).containsEntry("athanor.error", "out of memory").doesNotContainKey("athanor.artifact");
            assertThat(server.experiments.get("athanor")).isEqualTo(run.experiment);
        }
    }

    /** The server has taken a request in, but the answer was lost: it must not be made anew. */
    @Test
    void anAnswerThatIsLostMakesNoSecondRun() throws Exception {
        try (var server = new FakeMlflow(gateway.mlflowPort(), Mood.FORGETFUL)) {
            String job = submit("");
            report(new StageEvent.Started(run(job)));
            eventually(() -> server.of(job, "pretrain") != null);
            server.mood = Mood.WELL;
            points(job, 1, 5);
            eventually(() -> server.of(job, "pretrain") != null
                    && server.of(job, "pretrain").metrics.size() == 5);
            server.mood = Mood.SILENT;
            int before = server.requests.get();
            points(job, 6, 9);
            eventually(() -> server.requests.get() > before);
            server.mood = Mood.WELL;
            report(new StageEvent.Cancelled(run(job)));
            eventually(() -> ended(server, job, "KILLED"));
            assertThat(server.of(job, "pretrain").metrics).hasSize(9);
        }
    }

    @Test
    void whatTheServerRefusesIsCountedAndTheRestIsTold() throws Exception {
        double before = refused();
        try (var server = new FakeMlflow(gateway.mlflowPort(), Mood.CHOOSY)) {
            String job = submit("");
            report(new StageEvent.Started(run(job)));
            report(new StageEvent.MetricsRecorded(
                    run(job),
                    List.of(
                            new MetricPoint("before", 1, 1),
                            new MetricPoint(FakeMlflow.DISLIKED, 1, 1),
                            new MetricPoint("after", 1, 1))));
            eventually(() -> refused() > before);
            assertThat(refused()).isEqualTo(before + 1);
            points(job, 1, 3);
            report(new StageEvent.Completed(run(job), MODEL, new TreeMap<>()));
            eventually(() -> ended(server, job, "FINISHED"));
            assertThat(server.of(job, "pretrain").metrics).hasSize(5);
        }
    }

    @Test
    void aRunThatAlwaysFailsInsideIsLeftAndHoldsUpNoOther() throws Exception {
        try (var server = new FakeMlflow(gateway.mlflowPort(), Mood.WELL)) {
            String job = submit("");
            var rows = gateway.bean(org.springframework.jdbc.core.JdbcTemplate.class);
            rows.update("insert into mlflow_run (job_id, stage_id, attempt) values (?, 'no-such-stage', 1)", job);
            report(new StageEvent.Started(run(job)));
            report(new StageEvent.Cancelled(run(job)));
            eventually(() -> ended(server, job, "KILLED"));
            eventually(() -> rows.queryForObject(
                            "select count(*) from mlflow_run where job_id = ? and news > told", Integer.class, job)
                    == 0);
        }
    }

    @Test
    void secretsAreNotShown() {
        var properties = new MlflowSettings(
                URI.create("http://mlflow:5000"),
                "hidden",
                null,
                null,
                "athanor",
                Duration.ofSeconds(1),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO);
        assertThat(properties.toString()).contains("mlflow:5000").doesNotContain("hidden");
        assertThatThrownBy(() -> new MlflowSettings(
                        URI.create("http://me:hidden@mlflow:5000"),
                        null,
                        null,
                        null,
                        "athanor",
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("athanor.mlflow.url")
                .hasMessageNotContaining("hidden");
    }

    private static boolean ended(FakeMlflow server, String job, String status) {
        Run run = server.of(job, "pretrain");
        return run != null && run.status.equals(status);
    }

    private static double refused() {
        return gateway.bean(io.micrometer.core.instrument.MeterRegistry.class)
                .get("athanor.gateway.mlflow.points")
                .tag("outcome", "refused")
                .counter()
                .count();
    }

    private static void eventually(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(condition::getAsBoolean);
    }

    private static String submit(String more) throws Exception {
        var answer =
                gateway.post("/v1/jobs", "{\"name\": \"verse\", \"seed\": 9, " + more + """
                "stages": [{"id": "pretrain", "type": "trainer.pretrain",
                            "inputs": {"tokens": "%s", "tokenizer": "%s"},
                            "spec": {"steps": 77, "model": {"layers": 3}}}]}""".formatted(TOKENS, TOKENS));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.MAPPER.readTree(answer.body()).path("id").asString();
    }

    private static StageRun run(String job) {
        return new StageRun(job, "pretrain", StageType.PRETRAIN, 1);
    }

    private static void points(String job, long from, long to) {
        report(new StageEvent.MetricsRecorded(
                run(job),
                LongStream.rangeClosed(from, to)
                        .mapToObj(step -> new MetricPoint("loss", step, 1.0 / step))
                        .toList()));
    }

    private static void report(StageEvent event) {
        gateway.bean(JobService.class).report(event, Instant.now());
    }
}
