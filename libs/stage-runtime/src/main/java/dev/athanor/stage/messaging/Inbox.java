package dev.athanor.stage.messaging;

import dev.athanor.stage.persistence.InboxRows;
import org.springframework.messaging.Message;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Knows the messages that were taken in, so that a redelivery is a no-op. */
public class Inbox {

    private final InboxRows rows;

    public Inbox(InboxRows rows) {
        this.rows = rows;
    }

    /** Remembers the message; false when it was taken in before. A message without CloudEvent id is always new. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean isNew(Message<?> message) {
        String id = Headers.attribute(message, CloudEvent.ID);
        return id == null || rows.insert(Headers.attribute(message, CloudEvent.SOURCE) + " " + id) == 1;
    }
}
