package dev.athanor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.Topics;
import dev.athanor.gateway.job.JobEvent;
import dev.athanor.gateway.job.JobMachine;
import dev.athanor.gateway.persistence.JobEventRow;
import dev.athanor.gateway.service.Housekeeping;
import dev.athanor.gateway.service.JobService;
import dev.athanor.testing.TestInfrastructure;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Jobs over REST, with real Kafka and PostgreSQL; only the services at the other end are played by the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobFlowTest {

    private static final String PIPELINE = """
            name: reviews
            seed: 42
            stages:
              - {id: ingest, type: ingestion.documents}
              - {id: reviews, type: ingestion.labelled}
              - {id: clean, type: preprocessing.clean, inputs: {documents: ingest}}
              - {id: tokenizer, type: tokenizer.train, inputs: {documents: clean}, spec: {vocabularySize: 512}}
              - {id: encode, type: tokenizer.encode, inputs: {documents: clean, tokenizer: tokenizer}}
              - {id: pretrain, type: trainer.pretrain, inputs: {tokens: encode, tokenizer: tokenizer}}
              - {id: perplexity, type: evaluation.perplexity, inputs: {model: pretrain, tokens: encode}}
              - {id: finetune, type: finetune.classifier, inputs: {model: pretrain, examples: reviews}}
              - {id: report, type: evaluation.sentiment, inputs: {classifier: finetune, examples: reviews}}
              - {id: deploy, type: inference.deploy, inputs: {classifier: finetune}, spec: {deployment: %s}}
            """;
    private static final String ONE_STAGE =
            "{\"name\":\"one\",\"seed\":1,\"stages\":[{\"id\":\"in\",\"type\":\"ingestion.documents\"}]}";

    private final Map<String, Consumer<StageCommand>> byJob = new ConcurrentHashMap<>();
    private Gateway gateway;
    private FakeServices services;

    @BeforeAll
    void start() throws Exception {
        gateway = Gateway.shared();
        services = new FakeServices(
                TestInfrastructure.get().brokers(),
                command -> byJob.getOrDefault(command.run().jobId(), c -> {}).accept(command));
    }

    @AfterAll
    void stop() {
        services.close();
    }

    private String submit(String body, String type) throws Exception {
        var answer = gateway.send(
                gateway.request("/v1/jobs").header("Content-Type", type).POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        String id = Json.MAPPER.readTree(answer.body()).get("id").asString();
        assertThat(answer.headers().firstValue("Location")).contains("/v1/jobs/" + id);
        return id;
    }

    private JsonNode get(String path) throws Exception {
        var answer = gateway.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.MAPPER.readTree(answer.body());
    }

    private JsonNode awaitJob(String id, Predicate<JsonNode> condition) {
        var last = new JsonNode[1];
        await().alias("job " + id)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    last[0] = get("/v1/jobs/" + id);
                    return condition.test(last[0]);
                });
        return last[0];
    }

    private static Predicate<JsonNode> status(String status) {
        return job -> job.get("status").asString().equals(status);
    }

    private StageCommand awaitCommand(String jobId, Class<? extends StageCommand> type, int attempt) {
        return await().alias(type.getSimpleName() + " of " + jobId)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> services.commands.stream()
                                .filter(c -> type.isInstance(c)
                                        && c.run().jobId().equals(jobId)
                                        && c.run().attempt() == attempt)
                                .findFirst()
                                .orElse(null),
                        c -> c != null);
    }

    /** Answers all that is asked for a job which is not known before it is submitted. */
    private String submitAndServe(String body, String type) throws Exception {
        String id = submit(body, type);
        Consumer<StageCommand> serve = c -> {
            if (c instanceof StageCommand.Start start) {
                services.complete(start);
            }
        };
        services.commands.stream()
                .filter(c -> c.run().jobId().equals(id))
                .toList()
                .forEach(serve);
        byJob.put(id, serve);
        services.commands.stream()
                .filter(c -> c.run().jobId().equals(id))
                .toList()
                .forEach(serve);
        return id;
    }

    @Test
    void aPipelineRunsToADeployedModel() throws Exception {
        String deployment = "reviews-" + UUID.randomUUID().toString().substring(0, 8);
        String id = submitAndServe(PIPELINE.formatted(deployment), "application/yaml");

        JsonNode job = awaitJob(id, status("succeeded"));
        assertThat(job.get("stages")).allSatisfy(s -> {
            assertThat(s.get("status").asString()).isEqualTo("succeeded");
            assertThat(s.get("artifact").asString()).startsWith("sha256:");
            assertThat(s.get("counts").get("documents").asLong()).isEqualTo(10);
        });
        assertThat(job.get("spec")
                        .get("stages")
                        .get(3)
                        .get("spec")
                        .get("vocabularySize")
                        .asInt())
                .isEqualTo(512);
        assertThat(get("/v1/jobs/" + id + "/artifacts").get("data")).hasSize(10);

        String bundle = job.get("stages").get(9).get("artifact").asString();
        JsonNode served = get("/v1/deployments/" + deployment);
        assertThat(served.get("variants").get(0).get("bundle").asString()).isEqualTo(bundle);
        JsonNode model = get("/v1/models?limit=100")
                .get("data")
                .valueStream()
                .filter(m -> m.get("name").asString().equals(deployment))
                .findFirst()
                .orElseThrow();
        assertThat(model.get("job").asString()).isEqualTo(id);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(services.deployments).anySatisfy(d -> {
                    assertThat(d.name()).isEqualTo(deployment);
                    assertThat(d.revision()).isEqualTo(1);
                    assertThat(d.variants().getFirst().bundle().value()).isEqualTo(bundle);
                }));
        assertThat(services.headers)
                .allSatisfy(h -> assertThat(h).contains("ce_id", "ce_type", "ce_source", "ce_time"));

        assertThat(replay(id)).isEqualTo(gateway.bean(JobService.class).get(id));
    }

    private dev.athanor.gateway.job.JobState replay(String id) {
        List<JobEvent> events = gateway.bean(JobService.class).events(id, 0, 1000).stream()
                .map(JobEventRow::event)
                .toList();
        return JobMachine.replay(events);
    }

    @Test
    void repeatedAndLateEventsChangeNothingAndAFailureCanBeRetried() throws Exception {
        String id = submit(ONE_STAGE, "application/json");
        StageCommand first = awaitCommand(id, StageCommand.Start.class, 1);
        var failed = new StageEvent.Failed(first.run(), ErrorCode.INVALID_SPEC, "no such folder");
        Instant said = Instant.parse("2026-01-02T03:04:05.678Z");
        services.say(failed, "same-id", said);
        services.say(failed, "same-id", said);
        services.say(failed, "another-id", Instant.now());
        JsonNode job = awaitJob(id, status("failed"));
        assertThat(job.get("stages").get(0).get("error").get("message").asString())
                .isEqualTo("no such folder");

        assertThat(gateway.post("/v1/jobs/" + id + "/retry", "{}").statusCode()).isEqualTo(200);
        StageCommand second = awaitCommand(id, StageCommand.Start.class, 2);
        services.say(new StageEvent.Completed(
                first.run(), FakeServices.artifactOf((StageCommand.Start) first), new java.util.TreeMap<>()));
        services.complete((StageCommand.Start) second);
        job = awaitJob(id, status("succeeded"));
        assertThat(job.get("stages").get(0).get("attempt").asInt()).isEqualTo(2);
        List<String> types = get("/v1/jobs/" + id + "/events")
                .get("data")
                .valueStream()
                .map(e -> e.get("type").asString())
                .toList();
        assertThat(types)
                .containsExactly(
                        "job.submitted",
                        "stage.failed",
                        "job.retry",
                        "stage.started",
                        "stage.progressed",
                        "stage.completed");
        assertThat(replay(id)).isEqualTo(gateway.bean(JobService.class).get(id));
        var refused = gateway.post("/v1/jobs/" + id + "/cancel", "{}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("it is succeeded");
    }

    @Test
    void pauseResumeAndCancelReachTheService() throws Exception {
        String id = submit(ONE_STAGE, "application/json");
        StageCommand start = awaitCommand(id, StageCommand.Start.class, 1);
        gateway.post("/v1/jobs/" + id + "/pause", "");
        awaitCommand(id, StageCommand.Pause.class, 1);
        services.say(new StageEvent.Paused(start.run()));
        awaitJob(id, status("paused"));
        gateway.post("/v1/jobs/" + id + "/resume", "");
        awaitCommand(id, StageCommand.Resume.class, 1);
        awaitJob(id, status("running"));
        var cancelled = gateway.post("/v1/jobs/" + id + "/cancel", "");
        assertThat(Json.MAPPER.readTree(cancelled.body()).get("intent").asString())
                .isEqualTo("cancel");
        awaitCommand(id, StageCommand.Cancel.class, 1);
        services.say(new StageEvent.Cancelled(start.run()));
        awaitJob(id, status("cancelled"));
        assertThat(get("/v1/jobs?status=cancelled&limit=100").get("data"))
                .anySatisfy(j -> assertThat(j.get("id").asString()).isEqualTo(id));
    }

    @Test
    void followersGetEveryEventOnceAndGoOnFromTheLast() throws Exception {
        String id = submit(ONE_STAGE, "application/json");
        CompletableFuture<String> stream = CompletableFuture.supplyAsync(() -> follow(id, 0));
        StageCommand.Start start = (StageCommand.Start) awaitCommand(id, StageCommand.Start.class, 1);
        services.complete(start);
        String all = stream.get(60, TimeUnit.SECONDS);
        assertThat(ids(all)).containsExactly("1", "2", "3", "4");
        assertThat(all).contains("event: stage.completed").contains("event: end");
        assertThat(ids(follow(id, 2))).containsExactly("3", "4");
    }

    private String follow(String id, int after) {
        try {
            return gateway.send(gateway.request("/v1/jobs/" + id + "/events")
                            .header("Accept", "text/event-stream")
                            .header("Last-Event-ID", String.valueOf(after)))
                    .body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> ids(String stream) {
        return stream.lines()
                .filter(l -> l.startsWith("id: "))
                .map(l -> l.substring(4))
                .toList();
    }

    @Test
    void metricSeriesAreReadInOrderThinnedOutAndWithoutRepeats() throws Exception {
        String id = submit(ONE_STAGE, "application/json");
        StageCommand start = awaitCommand(id, StageCommand.Start.class, 1);
        for (int batch = 0; batch < 5; batch++) {
            int from = batch * 200;
            services.say(new StageEvent.MetricsRecorded(
                    start.run(),
                    java.util.stream.IntStream.range(from, from + 210)
                            .mapToObj(i -> new MetricPoint("loss", i, 10.0 / (i + 1)))
                            .toList()));
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode series = get("/v1/jobs/" + id + "/metrics?name=loss&points=50")
                    .get("data")
                    .get(0);
            assertThat(series.get("recorded").asInt()).isEqualTo(1010);
            assertThat(series.get("points")).hasSize(50);
            assertThat(series.get("points").get(0).get(1).asDouble()).isEqualTo(10.0);
        });
        assertThat(get("/v1/jobs/" + id + "/metrics?after=1000")
                        .get("data")
                        .get(0)
                        .get("points"))
                .hasSize(9);
        assertThat(get("/v1/jobs/" + id + "/metrics?name=other").get("data")).isEmpty();
    }

    @Test
    void anIdempotencyKeyMakesOneJob() throws Exception {
        String key = UUID.randomUUID().toString();
        var once = postWithKey(ONE_STAGE, key);
        var again = postWithKey(ONE_STAGE, key);
        assertThat(once.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(Json.MAPPER.readTree(again.body()).get("id"))
                .isEqualTo(Json.MAPPER.readTree(once.body()).get("id"));
        var other = postWithKey(ONE_STAGE.replace("\"seed\":1", "\"seed\":2"), key);
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.body()).contains("Idempotency-Key");
    }

    private java.net.http.HttpResponse<String> postWithKey(String body, String key) throws Exception {
        return gateway.send(gateway.request("/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void housekeepingForgetsNothingThatIsRecent() throws Exception {
        String key = UUID.randomUUID().toString();
        assertThat(postWithKey(ONE_STAGE, key).statusCode()).isEqualTo(201);
        gateway.bean(Housekeeping.class).forget();
        assertThat(postWithKey(ONE_STAGE, key).statusCode()).isEqualTo(200);
    }

    @Test
    void pagesOfJobsJoinWithoutGapsOrRepeats() throws Exception {
        for (int i = 0; i < 5; i++) {
            submit(ONE_STAGE, "application/json");
        }
        List<String> whole = get("/v1/jobs?limit=5")
                .get("data")
                .valueStream()
                .map(j -> j.get("id").asString())
                .toList();
        JsonNode first = get("/v1/jobs?limit=2");
        JsonNode second = get("/v1/jobs?limit=3&after=" + first.get("next").asString());
        assertThat(first.get("has_more").asBoolean()).isTrue();
        List<String> joined = java.util.stream.Stream.concat(
                        first.get("data").valueStream(), second.get("data").valueStream())
                .map(j -> j.get("id").asString())
                .toList();
        assertThat(joined).isEqualTo(whole);
    }

    @Test
    void anUnreadableEventIsPutAsideAndTheJobSaysSo() throws Exception {
        String id = submit(ONE_STAGE, "application/json");
        StageCommand start = awaitCommand(id, StageCommand.Start.class, 1);
        services.sayRaw(
                Topics.events("ingestion"),
                id,
                "{\"type\":\"stage.exploded\"}",
                Map.of(
                        "ce_id", UUID.randomUUID().toString(),
                        "ce_source", "x",
                        "ce_type", "dev.athanor.stage.exploded",
                        "ce_subject", start.run().key(),
                        "ce_stagetype", "ingestion.documents"));
        JsonNode job =
                awaitJob(id, j -> j.get("stages").get(0).get("deadLetters").asLong() == 1);
        assertThat(job.get("status").asString()).isEqualTo("running");
        services.complete((StageCommand.Start) start);
        awaitJob(id, status("succeeded"));
    }

    @Test
    void aSilentJobHasItsCommandsSentAgain() throws Exception {
        String id = submit(ONE_STAGE, "application/json");
        awaitCommand(id, StageCommand.Start.class, 1);
        long before = starts(id);
        gateway.bean(JobService.class).resyncSilent(Duration.ZERO);
        await().atMost(Duration.ofSeconds(30)).until(() -> starts(id) > before);
        assertThat(gateway.bean(JobService.class).get(id).status()).isEqualTo(JobStatus.RUNNING);
    }

    private long starts(String id) {
        return services.commands.stream()
                .filter(c -> c instanceof StageCommand.Start && c.run().jobId().equals(id))
                .count();
    }
}
