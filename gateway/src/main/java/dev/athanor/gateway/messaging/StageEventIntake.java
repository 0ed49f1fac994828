package dev.athanor.gateway.messaging;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.gateway.service.JobService;
import dev.athanor.stage.messaging.DeadLetters;
import dev.athanor.stage.messaging.Headers;
import dev.athanor.stage.messaging.Inbox;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;

/**
 * Takes what the services tell. Inbox, job and commands commit together; a message that can never be read is put aside;
 * any other failure is thrown, and the message is delivered again.
 */
@Component
class StageEventIntake {

    private final JobService jobs;
    private final Inbox inbox;
    private final DeadLetters deadLetters;
    private final TransactionTemplate transactions;
    private final Clock clock;

    StageEventIntake(
            JobService jobs, Inbox inbox, DeadLetters deadLetters, TransactionTemplate transactions, Clock clock) {
        this.jobs = jobs;
        this.inbox = inbox;
        this.deadLetters = deadLetters;
        this.transactions = transactions;
        this.clock = clock;
    }

    void take(Message<byte[]> message) {
        StageEvent event;
        try {
            event = Json.MAPPER.readValue(message.getPayload(), StageEvent.class);
        } catch (JacksonException e) {
            putAside(message, "not a StageEvent: " + SpecReader.explain(e, null).getMessage());
            return;
        }
        try {
            transactions.executeWithoutResult(status -> {
                if (inbox.isNew(message)) {
                    jobs.report(event, time(message));
                }
            });
        } catch (AthanorException e) {
            if (e.code().retryable()) {
                throw e;
            }
            putAside(message, String.valueOf(e.getMessage()));
        }
    }

    private void putAside(Message<byte[]> message, String why) {
        deadLetters.poison(String.valueOf(Headers.text(message, KafkaHeaders.RECEIVED_TOPIC)), message, why);
    }

    private Instant time(Message<?> message) {
        String time = Headers.attribute(message, "time");
        try {
            return time == null ? clock.instant() : Instant.parse(time);
        } catch (DateTimeException e) {
            return clock.instant();
        }
    }
}
