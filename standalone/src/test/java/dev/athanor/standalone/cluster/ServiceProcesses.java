package dev.athanor.standalone.cluster;

import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.EmbeddedPostgreSql;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Services as separate JVMs, beside a Kafka broker and a PostgreSQL server whose addresses they get from the environment. */
final class ServiceProcesses implements AutoCloseable {

    static final String KEY = "ath_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static final String INTERNAL_TOKEN = "internal-token-of-the-test";

    /** One running service. */
    record Service(String module, int port, Process process, Path log) {

        String url() {
            return "http://127.0.0.1:" + port;
        }
    }

    private final Path folder;
    private final Path dataRoot;
    private final EmbeddedKafka kafka;
    private final EmbeddedPostgreSql database;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Service> services = new ArrayList<>();

    ServiceProcesses(Path folder, Path dataRoot, int kafkaPort, int databasePort) throws IOException {
        this.folder = folder;
        this.dataRoot = dataRoot;
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), kafkaPort);
        database = EmbeddedPostgreSql.start(folder.resolve("postgres"), databasePort, false);
    }

    /** Starts the process; {@link #awaitReady} waits for it. */
    Service start(String module, String mainClass, int port) throws IOException {
        return start(module, mainClass, port, Map.of());
    }

    /** @param settings more environment variables */
    Service start(String module, String mainClass, int port, Map<String, String> settings) throws IOException {
        Path log = folder.resolve(module + "-" + port + "-" + services.size() + ".log");
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        mainClass)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment()
                .putAll(Map.ofEntries(
                        Map.entry("SERVER_PORT", Integer.toString(port)),
                        Map.entry("ATHANOR_DB_URL", database.jdbcUrl()),
                        Map.entry("ATHANOR_DB_USER", EmbeddedPostgreSql.USER),
                        Map.entry("ATHANOR_DB_PASSWORD", "postgres"),
                        Map.entry("ATHANOR_KAFKA_BROKERS", kafka.brokers()),
                        Map.entry("ATHANOR_STORE", folder.resolve("store").toString()),
                        Map.entry("ATHANOR_INTERNAL_TOKEN", INTERNAL_TOKEN),
                        Map.entry("ATHANOR_BOOTSTRAP_KEY", KEY),
                        Map.entry(
                                "ATHANOR_KEY_FILE", folder.resolve("admin.key").toString()),
                        Map.entry("ATHANOR_DATA_ROOTS", dataRoot.toString())));
        builder.environment().putAll(settings);
        var service = new Service(module, port, builder.start(), log);
        services.add(service);
        return service;
    }

    void awaitReady(Service service) throws IOException, InterruptedException {
        for (int i = 0; i < 480; i++) {
            if (!service.process().isAlive()) {
                throw new IOException(
                        service.module() + " stopped while starting:\n" + Files.readString(service.log()));
            }
            try {
                if (get(service, "/actuator/health/readiness").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Nobody listens yet.
            }
            Thread.sleep(250);
        }
        throw new IOException(service.module() + " was not ready in time:\n" + Files.readString(service.log()));
    }

    HttpResponse<String> get(Service service, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Bearer " + INTERNAL_TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Sum of a metric's samples, 0 where there is none. */
    double metric(Service service, String name) throws IOException, InterruptedException {
        return get(service, "/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The end of each service's log, for a test that failed. */
    String logs() throws IOException {
        var text = new StringBuilder();
        for (Service service : services) {
            List<String> lines = Files.readAllLines(service.log());
            text.append("--- ")
                    .append(service.log().getFileName())
                    .append(service.process().isAlive() ? " (alive)" : " (dead)")
                    .append('\n');
            lines.stream()
                    .skip(Math.max(0, lines.size() - 60))
                    .forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        for (Service service : services) {
            service.process().destroyForcibly();
        }
        kafka.close();
        database.close();
    }
}
