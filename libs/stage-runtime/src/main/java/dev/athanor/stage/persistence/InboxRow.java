package dev.athanor.stage.persistence;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A message that was taken in. */
@Entity
@Table(name = "inbox")
public class InboxRow {

    @Id
    private String messageId;

    private Instant receivedAt;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected InboxRow() {}

    public String messageId() {
        return messageId;
    }

    public Instant receivedAt() {
        return receivedAt;
    }
}
