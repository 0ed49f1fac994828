package dev.athanor.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.contracts.message.Topics;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.format.SafetensorsFile;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.testing.TestInfrastructure;
import dev.athanor.trainer.pretraining.PretrainStage;
import dev.athanor.trainer.pretraining.SoloGroups;
import dev.athanor.trainer.pretraining.TokenArtifacts;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

/** Two trainer services, each a process of its own, train one model; they are paused, and one is killed. */
class TrainersTest {

    private static final long PATIENCE_NANOS = Duration.ofMinutes(3).toNanos();
    private static final String SPEC = """
            {"model": {"style": "llama", "layers": 1, "heads": 2, "keyValueHeads": 2, "width": 32, "context": 32},
             "steps": 240, "batchSize": 8, "precision": "fp32", "device": "cpu", "learningRate": 0.001, "warmupSteps": 10,
             "checkpointEverySteps": 10, "validateEverySteps": 0, "workers": 2}
            """;

    @TempDir
    Path folder;

    @Test
    void aKilledWorkerLosesNoSampleAndRepeatsNone() throws Exception {
        TestInfrastructure infrastructure = TestInfrastructure.get();
        Map<String, String> settings = new TreeMap<>(infrastructure.environment(folder.resolve("store")));
        settings.putAll(Map.of(
                "ATHANOR_LEASE", "3s",
                "ATHANOR_TRAINER_PATIENCE", "10s",
                "ATHANOR_TRAINER_SILENCE", "3s",
                "OMP_NUM_THREADS", "1"));
        var database = new JdbcTemplate(new DriverManagerDataSource(
                settings.get("ATHANOR_DB_URL") + "?currentSchema=athanor_trainer",
                infrastructure.user(),
                infrastructure.password()));
        StageRun run = new StageRun("job-" + UUID.randomUUID(), "pretrain", StageType.PRETRAIN, 1);
        try (var store = new LocalArtifactStore(folder.resolve("store"));
                var first = TrainerProcess.start(settings, folder.resolve("first.log"));
                var second = TrainerProcess.start(settings, folder.resolve("second.log"));
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", infrastructure.brokers()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            var artifacts = new TokenArtifacts(store, folder);
            var inputs = new TreeMap<>(Map.of("tokens", artifacts.tokens(3, 60), "tokenizer", artifacts.tokenizer()));
            first.awaitStart();
            second.awaitStart();
            send(producer, new StageCommand.Start(run, Json.MAPPER.readTree(SPEC), inputs, 5));

            awaitTogether(database, run, 20);
            send(producer, new StageCommand.Pause(run));
            awaitNobodyWorks(database, run);
            long paused = lastStep(database, run);
            send(producer, new StageCommand.Resume(run));

            awaitTogether(database, run, paused + 20);
            second.kill();
            ArtifactId trained = completed(infrastructure.brokers(), run);

            JsonNode ledger = first.get("/v1/jobs/%s/stages/pretrain/ledger".formatted(run.jobId()));
            assertThat(ledger.get("faults")).isEmpty();
            assertThat(ledger.get("exactlyOnce").asBoolean()).isTrue();
            assertThat(ledger.get("samples").asLong()).isEqualTo(240 * 8);
            assertThat(generations(ledger, "COMMITTED"))
                    .as("groups before and after the pause and the kill")
                    .isGreaterThan(2);
            assertAlike(store, trained, undisturbed(store, inputs));
        }
    }

    private static ArtifactId undisturbed(LocalArtifactStore store, Map<String, ArtifactId> inputs) throws Exception {
        return StageRunner.of(new PretrainStage(new TrainingListener() {}, new SoloGroups()), store)
                .spec((PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree(SPEC)))
                .inputs(inputs)
                .seed(5)
                .run()
                .artifact();
    }

    private static void assertAlike(LocalArtifactStore store, ArtifactId one, ArtifactId other) throws Exception {
        try (var a = SafetensorsFile.open(weights(store, one));
                var b = SafetensorsFile.open(weights(store, other))) {
            for (String name : a.tensors().keySet()) {
                assertThat(a.tensor(name).bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                        .as(name)
                        .containsExactly(
                                b.tensor(name).bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED),
                                org.assertj.core.data.Offset.offset(1e-5f));
            }
        }
    }

    private static Path weights(LocalArtifactStore store, ArtifactId model) throws Exception {
        Manifest manifest = store.manifest(model);
        return store.local(manifest.file("model.safetensors"));
    }

    private static long generations(JsonNode ledger, String status) {
        return ledger.get("ranges")
                .valueStream()
                .filter(range -> range.get("status").asString().equals(status))
                .map(range -> range.get("generation").asLong())
                .distinct()
                .count();
    }

    /** Until two workers train, and what they made up to the step is in a checkpoint. */
    private static void awaitTogether(JdbcTemplate database, StageRun run, long step) throws InterruptedException {
        await(
                "two workers at step " + step,
                () -> Boolean.TRUE.equals(database.queryForObject("""
                select exists (select 1 from training_group g join training_range r using (run_key, generation)
                where g.run_key = ? and g.members like '%,%' and r.step >= ?)
                """, Boolean.class, run.key(), step)));
    }

    private static void awaitNobodyWorks(JdbcTemplate database, StageRun run) throws InterruptedException {
        await(
                "a pause",
                () -> Integer.valueOf(0)
                                .equals(database.queryForObject(
                                        "select count(*) from stage_task where run_key = ? and status = 'LEASED'",
                                        Integer.class,
                                        run.key()))
                        && Integer.valueOf(0)
                                .equals(database.queryForObject(
                                        "select count(*) from training_member where run_key = ?",
                                        Integer.class,
                                        run.key())));
    }

    private static long lastStep(JdbcTemplate database, StageRun run) {
        Long step = database.queryForObject(
                "select max(step) from training_range where run_key = ?", Long.class, run.key());
        return step == null ? 0 : step;
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(20);
        }
    }

    private static void send(KafkaProducer<String, byte[]> producer, StageCommand command) throws Exception {
        var record = new ProducerRecord<>(
                Topics.commands("trainer"), command.run().jobId(), Json.MAPPER.writeValueAsBytes(command));
        Map<String, String> headers = Map.of(
                "ce_id", UUID.randomUUID().toString(),
                "ce_source", "athanor/gateway",
                "ce_type", "dev.athanor." + Json.tree(command).get("type").asString(),
                "ce_subject", command.run().key(),
                "ce_stagetype", command.run().type().id());
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        producer.send(record).get();
    }

    private static ArtifactId completed(String brokers, StageRun run) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                brokers,
                "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset",
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.events("trainer")));
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (System.nanoTime() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    StageEvent event = Json.MAPPER.readValue(record.value(), StageEvent.class);
                    if (event.run().equals(run) && event instanceof StageEvent.Completed completed) {
                        return completed.artifact();
                    }
                    assertThat(event).isNotInstanceOf(StageEvent.Failed.class);
                }
            }
        }
        throw new AssertionError("training did not end");
    }

    /** A trainer service in a JVM of its own. */
    private static final class TrainerProcess implements AutoCloseable {
        private final Process process;
        private final Path log;

        private TrainerProcess(Process process, Path log) {
            this.process = process;
            this.log = log;
        }

        static TrainerProcess start(Map<String, String> environment, Path log) throws Exception {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx300m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    TrainerApplication.class.getName(),
                    "--server.port=0");
            builder.environment().putAll(environment);
            return new TrainerProcess(
                    builder.redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start(),
                    log);
        }

        void awaitStart() throws Exception {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!Files.readString(log).contains("Started TrainerApplication")) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError("the process did not start: " + Files.readString(log));
                }
                Thread.sleep(100);
            }
        }

        /** kill -9. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        JsonNode get(String path) throws Exception {
            var port = java.util.regex.Pattern.compile("Tomcat started on port (\\d+)")
                    .matcher(Files.readString(log));
            assertThat(port.find()).isTrue();
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpResponse<String> response = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.group(1) + path))
                                .header("Authorization", "Bearer " + TestInfrastructure.TOKEN)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                return Json.MAPPER.readTree(response.body());
            }
        }

        @Override
        public void close() throws InterruptedException {
            kill();
        }
    }
}
