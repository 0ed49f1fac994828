package dev.athanor.stage.persistence;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Stage runs. */
public interface StageRunRows extends Repository<StageRunRow, String> {

    StageRunRow save(StageRunRow row);

    Optional<StageRunRow> findById(String runKey);

    /** Serializes the transitions of one run. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("SELECT r FROM StageRunRow r WHERE r.runKey = :runKey")
    Optional<StageRunRow> lock(String runKey);

    /** Ended runs whose scratch files are still there. */
    @Query("SELECT r FROM StageRunRow r WHERE r.scratchCleared = false AND r.updatedAt < :before"
            + " AND r.status IN ('SUCCEEDED', 'FAILED', 'CANCELLED') ORDER BY r.updatedAt LIMIT 20")
    List<StageRunRow> endedBefore(Instant before);
}
