package dev.athanor.stage.persistence;

import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Messages to be sent. */
public interface OutboxRows extends Repository<OutboxRow, Long> {

    OutboxRow save(OutboxRow row);

    void deleteAllInBatch(Iterable<OutboxRow> rows);

    long count();

    @Query("SELECT o FROM OutboxRow o ORDER BY o.id LIMIT 200")
    List<OutboxRow> next();

    /** One instance relays at a time, which keeps the order; released at the end of the transaction. */
    @Query(nativeQuery = true, value = "SELECT pg_try_advisory_xact_lock(hashtext(:name))")
    boolean tryLock(String name);
}
