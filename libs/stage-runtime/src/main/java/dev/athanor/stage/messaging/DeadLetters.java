package dev.athanor.stage.messaging;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.contracts.message.Topics;
import dev.athanor.stage.metrics.StageMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Puts messages that can never be processed aside, with the reason, and lets the job know. */
public class DeadLetters {

    public static final String REASON = "athanor_reason";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int MAX_REASON = 1000;

    private final Outbox outbox;
    private final StageMetrics metrics;
    private final String service;

    public DeadLetters(Outbox outbox, StageMetrics metrics, String service) {
        this.outbox = outbox;
        this.metrics = metrics;
        this.service = service;
    }

    /**
     * The message goes to the topic's dead letters with its headers and the reason. The job is told if the message shows
     * whose it is; a start command that cannot be read also fails the stage, which would otherwise never begin.
     */
    @Transactional
    public void poison(String topic, Message<byte[]> message, String why) {
        String reason = why.length() > MAX_REASON ? why.substring(0, MAX_REASON) + "…" : why;
        String payload = new String(message.getPayload(), StandardCharsets.UTF_8).replace("\u0000", "\ufffd");
        LOG.warn("{}: message put aside: {}", topic, reason);
        Map<String, String> headers = new TreeMap<>();
        for (String name : message.getHeaders().keySet()) {
            if (name.startsWith("ce_") || name.startsWith("ce-")) {
                headers.put("ce_" + name.substring(3), String.valueOf(Headers.text(message, name)));
            }
        }
        headers.put(REASON, reason);
        String key = Headers.text(message, KafkaHeaders.RECEIVED_KEY);
        outbox.addRaw(Topics.deadLetters(topic), key == null ? "" : key, headers, payload);
        metrics.deadLettered(service, ErrorCode.POISON_MESSAGE);
        runOf(message, payload).ifPresent(run -> {
            tell(new StageEvent.DeadLettered(run, Topics.deadLetters(topic), reason));
            if (topic.equals(Topics.commands(service))
                    && String.valueOf(Headers.attribute(message, "type")).endsWith("stage.start")) {
                tell(new StageEvent.Failed(run, ErrorCode.POISON_MESSAGE, "the start command: " + reason));
            }
        });
    }

    private void tell(StageEvent event) {
        outbox.add(Topics.events(service), CloudEvent.of(event));
    }

    /** From the data where they can be read that far, else from the headers. */
    private static Optional<StageRun> runOf(Message<byte[]> message, String payload) {
        try {
            JsonNode run = Json.MAPPER.readTree(payload).get("run");
            if (run != null) {
                return Optional.of(Json.MAPPER.treeToValue(run, StageRun.class));
            }
        } catch (JacksonException e) {
            // Not JSON, or not a run: the headers may still tell.
        }
        String subject = Headers.attribute(message, CloudEvent.SUBJECT);
        return fromHeaders(subject, Headers.attribute(message, CloudEvent.STAGE_TYPE));
    }

    private static Optional<StageRun> fromHeaders(@Nullable String subject, @Nullable String stageType) {
        if (subject == null || stageType == null) {
            return Optional.empty();
        }
        String[] parts = subject.split("/");
        try {
            return parts.length != 3
                    ? Optional.empty()
                    : Optional.of(
                            new StageRun(parts[0], parts[1], StageType.of(stageType), Integer.parseInt(parts[2])));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
