package dev.athanor.stage.messaging;

import dev.athanor.stage.persistence.OutboxRow;
import dev.athanor.stage.persistence.OutboxRows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends what is in the outbox, oldest first, and deletes what the broker took. One instance of a service relays at a
 * time, so messages of a key keep their order; a crash between sending and deleting sends again.
 */
public class OutboxRelay implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** Before the consumers stop, so that what they still do is sent; after the workers. */
    private static final int PHASE = Integer.MAX_VALUE - 100;

    private final OutboxRows rows;
    private final StreamBridge bridge;
    private final TransactionTemplate transactions;
    private final OutboxSignal signal;
    private final String lockName;
    private @Nullable Thread thread;
    private volatile boolean stopping;

    public OutboxRelay(
            OutboxRows rows,
            StreamBridge bridge,
            TransactionTemplate transactions,
            OutboxSignal signal,
            String service) {
        this.rows = rows;
        this.bridge = bridge;
        this.transactions = transactions;
        this.signal = signal;
        this.lockName = "athanor-outbox-" + service;
    }

    @Override
    public synchronized void start() {
        stopping = false;
        thread = Thread.ofVirtual().name("outbox-relay").start(this::loop);
    }

    @Override
    public void stop() {
        Thread running;
        synchronized (this) {
            running = thread;
            thread = null;
        }
        stopping = true;
        signal.raise();
        if (running != null) {
            try {
                running.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private void loop() {
        boolean last = false;
        while (!last) {
            last = stopping;
            try {
                while (relay() > 0) {
                    // More may wait than one batch holds.
                }
                if (!last) {
                    signal.await(TICK);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("outbox: could not send, trying again: {}", e.toString());
                pause();
            }
        }
    }

    private int relay() {
        Integer sent = transactions.execute(status -> {
            if (!rows.tryLock(lockName)) {
                return 0;
            }
            List<OutboxRow> next = rows.next();
            for (OutboxRow row : next) {
                if (!bridge.send(row.topic(), message(row))) {
                    throw new IllegalStateException("not taken by the broker: " + row.topic());
                }
            }
            rows.deleteAllInBatch(next);
            return next.size();
        });
        return sent == null ? 0 : sent;
    }

    private static Message<byte[]> message(OutboxRow row) {
        return MessageBuilder.withPayload(row.payload().getBytes(StandardCharsets.UTF_8))
                .setHeader(KafkaHeaders.KEY, row.key().getBytes(StandardCharsets.UTF_8))
                .copyHeaders(row.headers())
                .build();
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
