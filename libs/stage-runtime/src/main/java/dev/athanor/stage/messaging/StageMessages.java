package dev.athanor.stage.messaging;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.TaskReady;
import dev.athanor.contracts.message.Topics;
import dev.athanor.stage.work.StageRuns;
import dev.athanor.stage.work.WorkerPool;
import org.springframework.messaging.Message;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;

/**
 * What a service takes in. Both are quick: the work itself is done by the {@link WorkerPool}, so polling never waits for
 * it. A message that is wrong in itself is put aside; any other failure is thrown, and the message is delivered again.
 */
public class StageMessages {

    private final StageRuns runs;
    private final WorkerPool workers;
    private final Inbox inbox;
    private final DeadLetters deadLetters;
    private final TransactionTemplate transactions;
    private final String service;

    public StageMessages(
            StageRuns runs,
            WorkerPool workers,
            Inbox inbox,
            DeadLetters deadLetters,
            TransactionTemplate transactions,
            String service) {
        this.runs = runs;
        this.workers = workers;
        this.inbox = inbox;
        this.deadLetters = deadLetters;
        this.transactions = transactions;
        this.service = service;
    }

    public void command(Message<byte[]> message) {
        try {
            StageCommand command = read(message, StageCommand.class);
            runs.check(command);
            transactions.executeWithoutResult(status -> {
                if (inbox.isNew(message)) {
                    runs.apply(command);
                }
            });
        } catch (PoisonException e) {
            deadLetters.poison(Topics.commands(service), message, String.valueOf(e.getMessage()));
        } catch (AthanorException e) {
            if (e.code().retryable()) {
                throw e;
            }
            deadLetters.poison(Topics.commands(service), message, String.valueOf(e.getMessage()));
        }
    }

    public void task(Message<byte[]> message) {
        try {
            workers.offer(read(message, TaskReady.class).taskId());
        } catch (PoisonException e) {
            deadLetters.poison(Topics.tasks(service), message, String.valueOf(e.getMessage()));
        }
    }

    private static <T> T read(Message<byte[]> message, Class<T> type) {
        try {
            T read = Json.MAPPER.readValue(message.getPayload(), type);
            if (read == null) {
                throw new PoisonException("not a " + type.getSimpleName() + ": null");
            }
            return read;
        } catch (JacksonException e) {
            throw new PoisonException("not a " + type.getSimpleName() + ": "
                    + SpecReader.explain(e, null).getMessage());
        }
    }

    /** The message can never be processed. */
    private static final class PoisonException extends RuntimeException {
        PoisonException(String message) {
            super(message);
        }
    }
}
