package dev.athanor.standalone.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.standalone.cli.GatewayClient;
import dev.athanor.standalone.cluster.ServiceProcesses.Service;
import dev.athanor.tokenizers.shards.TokenShardWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Two trainer services in one job, through the gateway, Kafka and PostgreSQL: one of them is killed (kill -9) while both train, and
 * the other ends the job with every sample used once.
 */
class TwoTrainersTest {

    private static final int PORT = 28_300;
    private static final int STEPS = 1500;
    private static final int BATCH = 8;

    @TempDir
    Path folder;

    @Test
    @Timeout(600)
    void aKilledTrainerCostsNoSample() throws Exception {
        try (var processes = new ServiceProcesses(folder, folder, PORT + 20, PORT + 21)) {
            try {
                killOneOfTwo(processes, job());
            } catch (Exception | AssertionError e) {
                // JUnit keeps nothing of an exception thrown after a time limit but its own.
                System.err.println(processes.logs());
                throw e;
            }
        }
    }

    private void killOneOfTwo(ServiceProcesses processes, Map<String, Object> job) throws Exception {
        Service gateway = processes.start(
                "gateway",
                "dev.athanor.gateway.GatewayApplication",
                PORT,
                Map.of("ATHANOR_TRAINER_URL", "http://127.0.0.1:" + (PORT + 1)));
        Service survivor = trainer(processes, PORT + 1);
        Service victim = trainer(processes, PORT + 2);
        for (Service service : List.of(gateway, survivor, victim)) {
            processes.awaitReady(service);
        }
        var client = new GatewayClient(gateway.url(), ServiceProcesses.KEY);
        String id = client.post("/v1/jobs", job, Map.of()).path("id").asString();

        long together = awaitCheckpointOfTwo(client, id);
        // SIGKILL: no shutdown hook runs; its lease and its place in the group stay until they expire.
        victim.process().destroyForcibly().waitFor();
        JsonNode done = awaitEnd(client, id);
        assertThat(done.path("status").asString()).as("%s", done).isEqualTo("succeeded");

        JsonNode ledger = client.get("/v1/jobs/" + id + "/ledger");
        assertThat(ledger.path("faults")).isEmpty();
        assertThat(ledger.path("exactlyOnce").asBoolean()).isTrue();
        assertThat(ledger.path("samples").asLong()).isEqualTo((long) STEPS * BATCH);
        Set<Long> generations = new HashSet<>();
        for (JsonNode range : ledger.path("ranges")) {
            if (range.path("status").asString().equals("COMMITTED")) {
                generations.add(range.path("generation").asLong());
            }
        }
        assertThat(generations).contains(together).anyMatch(generation -> generation > together);
    }

    private static Service trainer(ServiceProcesses processes, int port) throws IOException {
        return processes.start(
                "trainer-service",
                "dev.athanor.trainer.TrainerApplication",
                port,
                Map.of(
                        "ATHANOR_TRAINER_PATIENCE", "20s",
                        "ATHANOR_TRAINER_SILENCE", "5s",
                        "OMP_NUM_THREADS", "1",
                        "OMP_WAIT_POLICY", "PASSIVE"));
    }

    /** The generation of two workers that has made a checkpoint. */
    private static long awaitCheckpointOfTwo(GatewayClient client, String id) throws Exception {
        while (true) {
            JsonNode ledger = client.get("/v1/jobs/" + id + "/ledger");
            long generation = ledger.path("group").path("generation").asLong();
            int members = 0;
            for (JsonNode worker : ledger.path("group").path("workers")) {
                members += worker.has("rank") ? 1 : 0;
            }
            boolean committed = false;
            for (JsonNode range : ledger.path("ranges")) {
                committed |= range.path("generation").asLong() == generation
                        && range.path("status").asString().equals("COMMITTED");
            }
            if (members == 2 && committed) {
                return generation;
            }
            String status = client.get("/v1/jobs/" + id).path("status").asString();
            assertThat(status)
                    .as("the job ended before two had trained together: %s", ledger)
                    .isIn("pending", "running");
            Thread.sleep(100);
        }
    }

    private static JsonNode awaitEnd(GatewayClient client, String id) throws Exception {
        while (true) {
            JsonNode job = client.get("/v1/jobs/" + id);
            if (Set.of("succeeded", "failed", "cancelled")
                    .contains(job.path("status").asString())) {
                return job;
            }
            Thread.sleep(200);
        }
    }

    private Map<String, Object> job() throws IOException {
        try (var store = new LocalArtifactStore(folder.resolve("store"))) {
            List<ArtifactFile> shards = new ArrayList<>();
            var random = new Random(1);
            for (String split : List.of("train", "validation")) {
                Path file = Files.createDirectories(folder.resolve("shards")).resolve(split);
                try (var writer = new TokenShardWriter(file, 50)) {
                    for (int d = 0; d < 60; d++) {
                        int[] ids = random.ints(30, 0, 50).toArray();
                        writer.addDocument(ids, 0, ids.length);
                    }
                    writer.finish();
                }
                shards.add(new ArtifactFile(split + "/00000.tokens", store.put(file)));
            }
            var tokenizer = new ArtifactFile("tokenizer.json", store.put("{}".getBytes(StandardCharsets.UTF_8)));
            Map<String, Object> spec = Map.of(
                    "model",
                    Map.of("layers", 1, "heads", 2, "keyValueHeads", 2, "width", 16, "context", 16),
                    "steps",
                    STEPS,
                    "batchSize",
                    BATCH,
                    "precision",
                    "fp32",
                    "device",
                    "cpu",
                    "checkpointEverySteps",
                    25,
                    "validateEverySteps",
                    0,
                    "workers",
                    2);
            return Map.of(
                    "name",
                    "two trainers",
                    "seed",
                    1,
                    "stages",
                    List.of(Map.of(
                            "id",
                            "pretrain",
                            "type",
                            "trainer.pretrain",
                            "inputs",
                            Map.of(
                                    "tokens", publish(store, ArtifactKind.TOKEN_SHARDS, shards),
                                    "tokenizer", publish(store, ArtifactKind.TOKENIZER, List.of(tokenizer))),
                            "spec",
                            spec)));
        }
    }

    private static String publish(LocalArtifactStore store, ArtifactKind kind, List<ArtifactFile> files)
            throws IOException {
        ArtifactId id = store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("CC0-1.0")));
        return id.value();
    }
}
