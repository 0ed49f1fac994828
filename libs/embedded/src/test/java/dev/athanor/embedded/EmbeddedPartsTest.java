package dev.athanor.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
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

class EmbeddedPartsTest {

    private static final int KAFKA = 28_420;
    private static final int DATABASE = 28_422;

    @TempDir
    Path folder;

    @Test
    void recordsSurviveARestartOfTheBroker() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, KAFKA);
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.brokers()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("kept", 0, "key", "value")).get();
        }
        try (var kafka = EmbeddedKafka.start(folder, KAFKA);
                var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka.brokers(), "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("kept", 0)));
            var records = consumer.poll(Duration.ofSeconds(20));
            assertThat(records).hasSize(1);
            assertThat(records.iterator().next().value()).isEqualTo("value");
        }
    }

    @Test
    void rowsSurviveARestartOfTheDatabaseAndCommitsAreSynchronous() throws Exception {
        try (var database = EmbeddedPostgreSql.start(folder, DATABASE, true);
                var connection = DriverManager.getConnection(database.jdbcUrl(), "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (value TEXT)");
            statement.execute("INSERT INTO kept VALUES ('row')");
            try (var settings = statement.executeQuery("SELECT current_setting('fsync')")) {
                assertThat(settings.next()).isTrue();
                assertThat(settings.getString(1)).isEqualTo("on");
            }
        }
        try (var database = EmbeddedPostgreSql.start(folder, DATABASE, true);
                var connection = DriverManager.getConnection(database.jdbcUrl(), "postgres", "postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT value FROM kept")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("row");
        }
    }
}
