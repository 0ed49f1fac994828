package dev.athanor.stage.service;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.contracts.message.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What the gateway does with Kafka, with plain clients: commands out, events and dead letters in. */
final class GatewaySide implements AutoCloseable {

    static final String SERVICE = "preprocessing";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

    GatewaySide(String brokers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new StringSerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", brokers,
                        "group.id", "gateway-" + UUID.randomUUID(),
                        "auto.offset.reset", "earliest",
                        "metadata.max.age.ms", "1000",
                        "allow.auto.create.topics", "true"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(
                Topics.events(SERVICE),
                Topics.deadLetters(Topics.commands(SERVICE)),
                Topics.deadLetters(Topics.tasks(SERVICE))));
    }

    static StageRun newRun() {
        return new StageRun("job-" + UUID.randomUUID(), "clean", StageType.CLEAN, 1);
    }

    static StageCommand.Start start(StageRun run, long seed) {
        return new StageCommand.Start(
                run,
                Json.MAPPER.createObjectNode(),
                new TreeMap<>(Map.of("documents", ArtifactId.ofSha256("0".repeat(64)))),
                seed);
    }

    /** @return the id of the message, for sending it again */
    String send(StageCommand command) {
        String id = UUID.randomUUID().toString();
        send(command, id);
        return id;
    }

    void send(StageCommand command, String id) {
        send(
                Topics.commands(SERVICE),
                command.run().jobId(),
                Json.MAPPER.writeValueAsBytes(command),
                Map.of(
                        "ce_id",
                        id,
                        "ce_source",
                        "athanor/gateway",
                        "ce_type",
                        "dev.athanor." + Json.tree(command).get("type").asString(),
                        "ce_subject",
                        command.run().key(),
                        "ce_stagetype",
                        command.run().type().id()));
    }

    void send(String topic, String key, byte[] payload, Map<String, String> headers) {
        var record = new ProducerRecord<>(topic, key, payload);
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.send(record).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Events of the run so far and to come, until one matches. */
    <E extends StageEvent> E await(StageRun run, Class<E> type, Predicate<E> matches, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            for (StageEvent event : events(run)) {
                if (type.isInstance(event) && matches.test(type.cast(event))) {
                    return type.cast(event);
                }
            }
            poll();
        } while (System.nanoTime() < deadline);
        throw new AssertionError("no " + type.getSimpleName() + " within " + patience + ", only " + events(run));
    }

    <E extends StageEvent> E await(StageRun run, Class<E> type) {
        return await(run, type, e -> true, PATIENCE);
    }

    /** Takes in what comes in a while. */
    void listen(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < deadline) {
            poll();
        }
    }

    List<StageEvent> events(StageRun run) {
        return seen.stream()
                .filter(r -> r.topic().equals(Topics.events(SERVICE)))
                .map(r -> Json.MAPPER.readValue(r.value(), StageEvent.class))
                .filter(e -> e.run().equals(run))
                .toList();
    }

    <E extends StageEvent> List<E> events(StageRun run, Class<E> type) {
        return events(run).stream().filter(type::isInstance).map(type::cast).toList();
    }

    ConsumerRecord<String, byte[]> awaitRecord(String topic, String key) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<String, byte[]> record : seen) {
                if (record.topic().equals(topic) && key.equals(record.key())) {
                    return record;
                }
            }
            poll();
        }
        throw new AssertionError("no record with key " + key + " on " + topic);
    }

    static String header(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private void poll() {
        consumer.poll(Duration.ofMillis(50)).forEach(seen::add);
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
