package dev.athanor.stage.persistence;

import dev.athanor.contracts.json.Json;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** A message to be sent, written in the transaction that it tells of. */
@Entity
@Table(name = "outbox")
public class OutboxRow {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String topic;
    private String messageKey;
    private String headers;
    private String payload;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected OutboxRow() {}

    public OutboxRow(String topic, String key, Map<String, String> headers, String payload, Instant now) {
        this.topic = topic;
        this.messageKey = key;
        this.headers = Json.MAPPER.writeValueAsString(headers);
        this.payload = payload;
        this.createdAt = now;
    }

    public String topic() {
        return topic;
    }

    public String key() {
        return messageKey;
    }

    public Map<String, String> headers() {
        return Json.MAPPER.readValue(headers, new TypeReference<TreeMap<String, String>>() {});
    }

    public String payload() {
        return payload;
    }
}
