package dev.athanor.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was stored before a restart, also on another port, is there after it. */
class EmbeddedServersTest {

    @Test
    void recordsSurviveARestart(@TempDir Path folder) throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, FreePorts.find());
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka.brokers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>("things", "key", "value")).get();
        }
        try (var kafka = EmbeddedKafka.start(folder, FreePorts.find());
                var consumer = new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka.brokers()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            var partition = new TopicPartition("things", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            String value = null;
            for (int i = 0; i < 100 && value == null; i++) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    value = record.value();
                }
            }
            assertThat(value).isEqualTo("value");
        }
    }

    @Test
    void rowsSurviveARestartAndCommitsAreForcedToDisk(@TempDir Path folder) throws Exception {
        try (var postgres = EmbeddedPostgreSql.start(folder, FreePorts.find(), true)) {
            postgres.createDatabase("things");
            execute(postgres.jdbcUrl("things"), "CREATE TABLE thing (name text)");
            execute(postgres.jdbcUrl("things"), "INSERT INTO thing VALUES ('kept')");
        }
        try (var postgres = EmbeddedPostgreSql.start(folder, FreePorts.find(), true)) {
            assertThat(query(postgres.jdbcUrl("things"), "SELECT name FROM thing"))
                    .isEqualTo("kept");
            assertThat(query(postgres.jdbcUrl(), "SHOW fsync")).isEqualTo("on");
        }
    }

    private static void execute(String url, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(url, EmbeddedPostgreSql.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(String url, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(url, EmbeddedPostgreSql.USER, "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
