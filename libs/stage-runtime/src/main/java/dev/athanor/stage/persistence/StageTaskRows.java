package dev.athanor.stage.persistence;

import dev.athanor.stage.run.TaskId;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Tasks of stage runs. */
public interface StageTaskRows extends Repository<StageTaskRow, String> {

    /** Sums over the tasks of a round, for a progress event. */
    interface RoundProgress {

        long getTasks();

        long getFinished();

        long getDone();

        long getTotal();

        /** Tasks whose total is known. */
        long getMeasured();

        String getUnit();

        String getText();
    }

    StageTaskRow save(StageTaskRow row);

    Optional<StageTaskRow> findById(String id);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("SELECT t FROM StageTaskRow t WHERE t.id = :id")
    Optional<StageTaskRow> lock(String id);

    /** The oldest task that waits or whose lease is over, and that nobody else looks at; locked. */
    @Query(nativeQuery = true, value = """
            SELECT t.* FROM {h-schema}stage_task t JOIN {h-schema}stage_run r ON r.run_key = t.run_key
            WHERE r.status = 'RUNNING'
              AND (t.status = 'READY' AND (t.not_before IS NULL OR t.not_before <= now())
                OR t.status = 'LEASED' AND t.lease_until < now() AND t.losses + 1 < :maxLosses)
            ORDER BY t.seq LIMIT 1 FOR UPDATE OF t SKIP LOCKED""")
    Optional<StageTaskRow> lockNextClaimable(int maxLosses);

    /** The same for one task. */
    @Query(nativeQuery = true, value = """
            SELECT t.* FROM {h-schema}stage_task t JOIN {h-schema}stage_run r ON r.run_key = t.run_key
            WHERE t.id = :id AND r.status = 'RUNNING'
              AND (t.status = 'READY' AND (t.not_before IS NULL OR t.not_before <= now())
                OR t.status = 'LEASED' AND t.lease_until < now() AND t.losses + 1 < :maxLosses)
            FOR UPDATE OF t SKIP LOCKED""")
    Optional<StageTaskRow> lockClaimable(String id, int maxLosses);

    /** Tasks that lost so many workers that nobody is to try again. */
    @Query(nativeQuery = true, value = """
            SELECT t.id FROM {h-schema}stage_task t
            WHERE t.status = 'LEASED' AND t.lease_until < now() AND t.losses + 1 >= :maxLosses LIMIT 20""")
    List<String> hopeless(int maxLosses);

    @Query("SELECT t.id FROM StageTaskRow t WHERE t.runKey = :runKey AND t.status = 'READY' ORDER BY t.index")
    List<String> waiting(String runKey);

    @Modifying
    @Query("UPDATE StageTaskRow t SET t.status = 'CLOSED' WHERE t.runKey = :runKey AND t.status IN ('READY', 'LEASED')")
    int close(String runKey);

    @Query(
            "SELECT t FROM StageTaskRow t WHERE t.runKey = :runKey AND t.kind = :kind AND t.round = :round ORDER BY t.index")
    List<StageTaskRow> ofRound(String runKey, TaskId.Kind kind, int round);

    @Query(nativeQuery = true, value = """
            SELECT count(*) AS tasks,
                   count(*) FILTER (WHERE status = 'DONE') AS finished,
                   coalesce(sum(progress_done), 0) AS done,
                   coalesce(sum(progress_total), 0) AS total,
                   count(*) FILTER (WHERE progress_total > 0) AS measured,
                   coalesce(max(progress_unit), '') AS unit,
                   coalesce(max(progress_text), '') AS text
            FROM {h-schema}stage_task WHERE run_key = :runKey AND kind = :kind AND round = :round""")
    RoundProgress progress(String runKey, String kind, int round);
}
