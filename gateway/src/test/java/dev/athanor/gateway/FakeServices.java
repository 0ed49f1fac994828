package dev.athanor.gateway;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.DeploymentDesired;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.contracts.message.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Stands at the other end of Kafka: hears the commands of all services, and says what a test wants said. */
public final class FakeServices implements AutoCloseable {

    public final List<StageCommand> commands = new CopyOnWriteArrayList<>();
    public final List<DeploymentDesired> deployments = new CopyOnWriteArrayList<>();
    public final List<String> headers = new CopyOnWriteArrayList<>();

    private final KafkaProducer<String, byte[]> producer;
    private final Thread listener;
    private volatile boolean closing;

    /** @param onCommand called for each command, in order */
    public FakeServices(String brokers, Consumer<StageCommand> onCommand) {
        var properties = new Properties();
        properties.put("bootstrap.servers", brokers);
        properties.put("group.id", "fake-" + UUID.randomUUID());
        properties.put("auto.offset.reset", "earliest");
        properties.put("metadata.max.age.ms", "500");
        producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        listener = Thread.ofPlatform().daemon().start(() -> listen(properties, onCommand));
    }

    private void listen(Properties properties, Consumer<StageCommand> onCommand) {
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var topics = new java.util.ArrayList<>(Arrays.stream(StageType.values())
                    .map(t -> Topics.commands(t.service()))
                    .distinct()
                    .toList());
            topics.add(Topics.DEPLOYMENTS);
            consumer.subscribe(topics);
            while (!closing) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    var names = new java.util.TreeSet<String>();
                    record.headers().forEach(h -> names.add(h.key()));
                    headers.add(names.toString());
                    if (record.topic().equals(Topics.DEPLOYMENTS)) {
                        deployments.add(Json.MAPPER.readValue(record.value(), DeploymentDesired.class));
                    } else {
                        StageCommand command = Json.MAPPER.readValue(record.value(), StageCommand.class);
                        commands.add(command);
                        onCommand.accept(command);
                    }
                });
            }
        }
    }

    public void say(StageEvent event) {
        say(event, UUID.randomUUID().toString(), Instant.now());
    }

    public void say(StageEvent event, String id, Instant at) {
        String type = Json.tree(event).get("type").asString();
        sayRaw(
                Topics.events(event.run().type().service()),
                event.run().jobId(),
                Json.MAPPER.writerFor(StageEvent.class).writeValueAsString(event),
                Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id,
                        "ce_source",
                        "athanor/" + event.run().type().service(),
                        "ce_type",
                        "dev.athanor." + type,
                        "ce_subject",
                        event.run().key(),
                        "ce_stagetype",
                        event.run().type().id(),
                        "ce_time",
                        at.toString(),
                        "content-type",
                        "application/json"));
    }

    public void sayRaw(String topic, String key, String payload, Map<String, String> ceHeaders) {
        var record = new ProducerRecord<>(topic, key, payload.getBytes(StandardCharsets.UTF_8));
        ceHeaders.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        producer.send(record);
        producer.flush();
    }

    /** As a service that does everything at once. */
    public void complete(StageCommand.Start start) {
        StageRun run = start.run();
        say(new StageEvent.Started(run));
        say(new StageEvent.Progressed(run, "execute", 5, 10, "tasks", 2.5, "half way"));
        say(new StageEvent.Completed(run, artifactOf(start), new TreeMap<>(Map.of("documents", 10L))));
    }

    public static ArtifactId artifactOf(StageCommand.Start start) {
        String all = start.run().type().id() + start.spec() + start.seed() + start.inputs();
        return ArtifactId.ofSha256(Json.sha256Hex(all.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        closing = true;
        try {
            listener.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
