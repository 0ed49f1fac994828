package dev.athanor.standalone.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A Kafka broker and controller (KRaft) in this JVM, on loopback, whose topics and records survive restarts and a kill -9. */
public final class EmbeddedKafka implements AutoCloseable {

    private final KafkaRaftServer server;
    private final String brokers;

    /**
     * @param folder holds the log and the cluster id
     * @param port of the broker, on 127.0.0.1
     * @param controllerPort of the controller, on 127.0.0.1
     */
    public EmbeddedKafka(Path folder, int port, int controllerPort) throws IOException {
        Files.createDirectories(folder);
        brokers = "127.0.0.1:" + port;
        Path log = folder.resolve("log");
        Map<String, String> config = configuration(port, controllerPort, log);
        format(clusterId(folder), log);
        server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
        server.startup();
    }

    private static String clusterId(Path folder) throws IOException {
        Path file = folder.resolve("cluster.id");
        if (!Files.exists(file)) {
            Files.writeString(file, Uuid.randomUuid().toString());
        }
        return Files.readString(file).trim();
    }

    private static Map<String, String> configuration(int port, int controllerPort, Path log) {
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        config.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("log.dirs", log.toString());
        config.put("num.partitions", "4");
        config.put("group.initial.rebalance.delay.ms", "0");
        // One broker keeps one replica of everything, and a small cleaner and few partitions keep the JVM small.
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "4");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
        return config;
    }

    private static void format(String clusterId, Path log) throws IOException {
        try {
            new Formatter()
                    .setClusterId(clusterId)
                    .setNodeId(1)
                    .addDirectory(log.toString())
                    .setMetadataLogDirectory(log.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .run();
        } catch (Exception e) {
            throw new IOException("cannot format the Kafka log folder " + log, e);
        }
    }

    public String brokers() {
        return brokers;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
