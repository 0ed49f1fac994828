package dev.athanor.standalone.server;

import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.EmbeddedPostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** All services in this JVM, each with its own Spring context, port and schema, beside an embedded Kafka and PostgreSQL. */
public final class StandaloneServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StandaloneServer.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /**
     * Starts everything and returns when all services are ready.
     *
     * @param dataRoots folders that ingestion may read
     */
    public StandaloneServer(Home home, Ports ports, List<Path> dataRoots) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        home.create();
        Files.deleteIfExists(home.readyFile());
        try (ExecutorService starters = Executors.newFixedThreadPool(2)) {
            Future<EmbeddedKafka> kafka = starters.submit(() -> EmbeddedKafka.start(home.kafka(), ports.kafka()));
            Future<EmbeddedPostgreSql> database =
                    starters.submit(() -> EmbeddedPostgreSql.start(home.database(), ports.database(), true));
            parts.push(get(kafka));
            parts.push(get(database));
            log.info("Kafka and PostgreSQL are ready after {} s", seconds(begin));

            Map<String, String> shared = sharedProperties(home, ports, dataRoots, get(kafka), get(database));
            List<Future<ConfigurableApplicationContext>> contexts = new ArrayList<>();
            for (int i = 0; i < ServiceSet.SERVICES.size(); i++) {
                ServiceSet.Service service = ServiceSet.SERVICES.get(i);
                int port = ports.service(i);
                contexts.add(starters.submit(() -> start(service, port, shared)));
            }
            for (Future<ConfigurableApplicationContext> context : contexts) {
                parts.push(get(context));
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
        Files.writeString(home.readyFile(), "http://127.0.0.1:" + ports.gateway());
        log.info("all {} services are ready after {} s", ServiceSet.SERVICES.size(), seconds(begin));
    }

    private static Map<String, String> sharedProperties(
            Home home, Ports ports, List<Path> dataRoots, EmbeddedKafka kafka, EmbeddedPostgreSql database)
            throws IOException {
        Map<String, String> shared = new LinkedHashMap<>();
        shared.put("ATHANOR_DB_URL", database.jdbcUrl());
        shared.put("ATHANOR_DB_USER", EmbeddedPostgreSql.USER);
        shared.put("ATHANOR_DB_PASSWORD", "postgres");
        shared.put("ATHANOR_KAFKA_BROKERS", kafka.brokers());
        shared.put("ATHANOR_STORE", home.store().toString());
        shared.put("ATHANOR_HOST", "127.0.0.1");
        shared.put("ATHANOR_INTERNAL_TOKEN", home.internalToken());
        shared.put("ATHANOR_BOOTSTRAP_KEY", home.adminKey());
        shared.put("ATHANOR_INFERENCE_URL", url(ports, "inference-service"));
        shared.put("ATHANOR_TRAINER_URL", url(ports, "trainer-service"));
        shared.put("ATHANOR_EVALUATION_URL", url(ports, "evaluation-service"));
        shared.put(
                "ATHANOR_DATA_ROOTS",
                String.join(":", dataRoots.stream().map(Path::toString).toList()));
        return shared;
    }

    private static String url(Ports ports, String module) {
        for (int i = 0; i < ServiceSet.SERVICES.size(); i++) {
            if (ServiceSet.SERVICES.get(i).module().equals(module)) {
                return "http://127.0.0.1:" + ports.service(i);
            }
        }
        throw new IllegalArgumentException(module);
    }

    private static ConfigurableApplicationContext start(
            ServiceSet.Service service, int port, Map<String, String> shared) {
        long begin = System.nanoTime();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(service.application())
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .run(arguments(service, port, shared));
        log.info("{} is ready on port {} after {} s", service.module(), port, seconds(begin));
        return context;
    }

    /** As arguments, which go before a service's own file and before what the environment happens to hold. */
    private static String[] arguments(ServiceSet.Service service, int port, Map<String, String> shared) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--spring.config.name=" + service.module());
        arguments.add("--server.port=" + port);
        shared.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return arguments.toArray(String[]::new);
    }

    private static <T> T get(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case null, default -> throw new IOException("a part of the server did not start", e.getCause());
            }
        }
    }

    private static String seconds(long begin) {
        return "%.1f".formatted((System.nanoTime() - begin) / 1e9);
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                log.warn("a part of the server did not stop cleanly: {}", e.toString());
            }
        }
    }
}
