package dev.athanor.stage.messaging;

import dev.athanor.contracts.json.Json;
import dev.athanor.stage.persistence.OutboxRow;
import dev.athanor.stage.persistence.OutboxRows;
import java.time.Clock;
import java.util.Map;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Messages that are sent if, and only if, the surrounding transaction commits; at least once, in order for each key. */
public class Outbox {

    private final OutboxRows rows;
    private final OutboxSignal signal;
    private final String source;
    private final Clock clock;

    public Outbox(OutboxRows rows, OutboxSignal signal, String service, Clock clock) {
        this.rows = rows;
        this.signal = signal;
        this.source = "athanor/" + service;
        this.clock = clock;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void add(String topic, CloudEvent event) {
        add(topic, event, Map.of());
    }

    /** @param more further headers */
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(String topic, CloudEvent event, Map<String, String> more) {
        Map<String, String> headers = event.headers(source, clock.instant());
        headers.putAll(more);
        addRaw(topic, event.key(), headers, Json.MAPPER.writeValueAsString(event.data()));
    }

    /** Text that need not be an event of ours, with the headers as they are. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void addRaw(String topic, String key, Map<String, String> headers, String payload) {
        rows.save(new OutboxRow(topic, key, headers, payload, clock.instant()));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal.raise();
            }
        });
    }
}
