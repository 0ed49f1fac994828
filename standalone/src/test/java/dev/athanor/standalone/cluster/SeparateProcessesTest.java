package dev.athanor.standalone.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.standalone.cli.GatewayClient;
import dev.athanor.standalone.cluster.ServiceProcesses.Service;
import dev.athanor.standalone.demo.SyntheticData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The services as separate JVMs against external Kafka and PostgreSQL addresses: two workers of one service share the
 * tasks, and a kill -9 of one in the middle changes no byte of the result.
 */
class SeparateProcessesTest {

    private static final int PORT = 28_200;

    @TempDir
    Path folder;

    @Test
    @Timeout(600)
    void twoWorkersShareTheTasksAndAKilledOneIsReplaced() throws Exception {
        Path data = SyntheticData.write(Files.createDirectories(folder.resolve("data")), 5, 1500);
        try (var processes = new ServiceProcesses(folder, data, PORT + 20, PORT + 21)) {
            Service gateway = processes.start("gateway", "dev.athanor.gateway.GatewayApplication", PORT);
            Service ingestion =
                    processes.start("ingestion-service", "dev.athanor.ingestion.IngestionApplication", PORT + 1);
            processes.awaitReady(gateway);
            processes.awaitReady(ingestion);
            Service first = worker(processes, PORT + 2);
            Service second = worker(processes, PORT + 3);
            processes.awaitReady(first);
            processes.awaitReady(second);
            var client = new GatewayClient(gateway.url(), ServiceProcesses.KEY);

            Map<String, String> calm = await(client, submit(client, data));
            assertThat(processes.metric(first, "athanor_stage_tasks_total"))
                    .as("tasks of the first worker")
                    .isPositive();
            assertThat(processes.metric(second, "athanor_stage_tasks_total"))
                    .as("tasks of the second worker")
                    .isPositive();

            double before = processes.metric(second, "athanor_stage_tasks_total");
            String disturbed = submit(client, data);
            while (processes.metric(second, "athanor_stage_tasks_total") < before + 2) {
                Thread.sleep(20);
            }
            // SIGKILL: no shutdown hook runs, its leases stay until they expire.
            second.process().destroyForcibly().waitFor();
            assertThat(await(client, disturbed)).isEqualTo(calm);
        }
    }

    private static Service worker(ServiceProcesses processes, int port) throws Exception {
        return processes.start("preprocessing-service", "dev.athanor.preprocessing.PreprocessingApplication", port);
    }

    private static String submit(GatewayClient client, Path data) throws Exception {
        Map<String, Object> source = Map.of(
                "type",
                "folder",
                "name",
                "corpus",
                "path",
                data.resolve("corpus").toString());
        Map<String, Object> job = Map.of(
                "name",
                "cluster",
                "seed",
                5,
                "stages",
                List.of(
                        Map.of(
                                "id", "ingest",
                                "type", "ingestion.documents",
                                // Small shards, so that there are many tasks to share.
                                "spec", Map.of("sources", List.of(source), "shardBytes", 40_000)),
                        Map.of(
                                "id", "clean",
                                "type", "preprocessing.clean",
                                "inputs", Map.of("documents", "ingest"))));
        return client.post("/v1/jobs", job, Map.of()).path("id").asString();
    }

    /** Artifact by stage, once the job has succeeded. */
    private static Map<String, String> await(GatewayClient client, String id) throws Exception {
        while (true) {
            JsonNode job = client.get("/v1/jobs/" + id);
            String status = job.path("status").asString();
            assertThat(status).as("%s", job).isNotIn("failed", "cancelled");
            if (status.equals("succeeded")) {
                var artifacts = new TreeMap<String, String>();
                job.path("stages")
                        .forEach(s -> artifacts.put(
                                s.path("id").asString(), s.path("artifact").asString()));
                return artifacts;
            }
            Thread.sleep(200);
        }
    }
}
