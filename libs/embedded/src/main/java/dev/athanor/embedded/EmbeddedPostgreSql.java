package dev.athanor.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A real PostgreSQL server as a child process, on the loopback address, without passwords. Its data live in a folder and
 * survive a restart and a kill; a server that a killed program left running is adopted.
 */
public final class EmbeddedPostgreSql implements AutoCloseable {

    public static final String USER = "postgres";

    private final EmbeddedPostgres server;

    private EmbeddedPostgreSql(EmbeddedPostgres server) {
        this.server = server;
    }

    /**
     * Starts the server and waits until it can be used.
     *
     * @param folder its data and programs; created where missing. Only one server may use it at a time
     * @param durable false: no fsync, for tests
     */
    public static EmbeddedPostgreSql start(Path folder, int port, boolean durable) throws IOException {
        Files.createDirectories(folder);
        return new EmbeddedPostgreSql(EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder.resolve("data"))
                .setOverrideWorkingDirectory(
                        Files.createDirectories(folder.resolve("bin")).toFile())
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", durable ? "on" : "off")
                .setServerConfig("synchronous_commit", durable ? "on" : "off")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("max_connections", "200")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start());
    }

    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database;
    }

    /** Creates an empty database. */
    public void createDatabase(String name) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE \"" + name.replace("\"", "") + "\"");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
