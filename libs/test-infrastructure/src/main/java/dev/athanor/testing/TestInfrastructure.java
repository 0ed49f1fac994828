package dev.athanor.testing;

import dev.athanor.embedded.EmbeddedKafka;
import dev.athanor.embedded.EmbeddedPostgreSql;
import dev.athanor.embedded.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * One Kafka broker and one PostgreSQL server for all tests of a JVM: containers where {@code ATHANOR_TEST_CONTAINERS} is
 * {@code true} or is not set and a Docker engine answers that has or gets the images, else embedded ones. A test class
 * takes a database of its own:
 *
 * <pre>{@code
 * @DynamicPropertySource
 * static void infrastructure(DynamicPropertyRegistry registry) {
 *     TestInfrastructure.get().environment(folder).forEach((name, value) -> registry.add(name, () -> value));
 * }
 * }</pre>
 */
public final class TestInfrastructure {

    public static final String TOKEN = "test-token";

    private static final String POSTGRES_IMAGE = "postgres:18";
    private static final String KAFKA_IMAGE = "apache/kafka:4.2.1";

    private static @Nullable TestInfrastructure shared;

    private final String brokers;
    private final String jdbcServer;
    private final String user;
    private final String password;
    private final boolean containers;
    private final AtomicInteger databases = new AtomicInteger();

    private TestInfrastructure(String brokers, String jdbcServer, String user, String password, boolean containers) {
        this.brokers = brokers;
        this.jdbcServer = jdbcServer;
        this.user = user;
        this.password = password;
        this.containers = containers;
    }

    /** Started at the first call; stopped when the JVM ends. */
    public static synchronized TestInfrastructure get() {
        if (shared == null) {
            TestInfrastructure started = containers();
            shared = started != null ? started : embedded();
        }
        return shared;
    }

    public String brokers() {
        return brokers;
    }

    public String user() {
        return user;
    }

    public String password() {
        return password;
    }

    public boolean inContainers() {
        return containers;
    }

    /** JDBC URL of a new, empty database. */
    public String newDatabase() {
        String name = "test_" + ProcessHandle.current().pid() + "_" + databases.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(jdbcServer + "postgres", user, password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
        return jdbcServer + name;
    }

    /** The environment variables that a service reads, with a new database and an artifact store in the folder. */
    public Map<String, String> environment(Path storeFolder) {
        return new TreeMap<>(Map.of(
                "ATHANOR_DB_URL", newDatabase(),
                "ATHANOR_DB_USER", user,
                "ATHANOR_DB_PASSWORD", password,
                "ATHANOR_KAFKA_BROKERS", brokers,
                "ATHANOR_STORE", storeFolder.toString(),
                "ATHANOR_INTERNAL_TOKEN", TOKEN));
    }

    private static @Nullable TestInfrastructure containers() {
        boolean wanted = !"false".equals(System.getenv("ATHANOR_TEST_CONTAINERS"));
        // Testcontainers looks long and logs much where there is no engine at all.
        if (!wanted || System.getenv("DOCKER_HOST") == null && !Files.exists(Path.of("/var/run/docker.sock"))) {
            return null;
        }
        try {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return null;
            }
            PostgreSQLContainer postgres = new PostgreSQLContainer(POSTGRES_IMAGE);
            KafkaContainer kafka = new KafkaContainer(KAFKA_IMAGE);
            postgres.start();
            kafka.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                kafka.stop();
                postgres.stop();
            }));
            return new TestInfrastructure(
                    kafka.getBootstrapServers(),
                    "jdbc:postgresql://" + postgres.getHost() + ":"
                            + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT) + "/",
                    postgres.getUsername(),
                    postgres.getPassword(),
                    true);
        } catch (RuntimeException e) {
            System.out.println("Docker answers, but containers cannot be had (" + e.getMessage()
                    + "); tests use the embedded Kafka and PostgreSQL");
            return null;
        }
    }

    private static TestInfrastructure embedded() {
        try {
            Path folder = Files.createTempDirectory("athanor-test-infrastructure");
            EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), FreePorts.find());
            EmbeddedPostgreSql postgres =
                    EmbeddedPostgreSql.start(folder.resolve("postgresql"), FreePorts.find(), false);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(folder, kafka, postgres)));
            return new TestInfrastructure(
                    kafka.brokers(), postgres.jdbcUrl(""), EmbeddedPostgreSql.USER, "postgres", false);
        } catch (IOException e) {
            throw new IllegalStateException("cannot start Kafka and PostgreSQL for tests", e);
        }
    }

    private static void stop(Path folder, EmbeddedKafka kafka, EmbeddedPostgreSql postgres) {
        try {
            kafka.close();
            postgres.close();
            try (var files = Files.walk(folder)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            System.err.println("could not tidy up " + folder + ": " + e.getMessage());
        }
    }
}
