package dev.athanor.stage.persistence;

import java.time.Instant;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Messages that were taken in. */
public interface InboxRows extends Repository<InboxRow, String> {

    /** 1 the first time, 0 when the message was seen before. */
    @Modifying
    @Query(nativeQuery = true, value = """
            INSERT INTO {h-schema}inbox (message_id, received_at) VALUES (:messageId, now()) ON CONFLICT DO NOTHING""")
    int insert(String messageId);

    @Modifying
    @Query("DELETE FROM InboxRow i WHERE i.receivedAt < :before")
    int deleteBefore(Instant before);

    /** The database's clock, which all instances share. */
    @Query(nativeQuery = true, value = "SELECT now()")
    Instant now();
}
