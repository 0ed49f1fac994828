package dev.athanor.trainer.persistence;

import dev.athanor.lm.train.ConsumedBatches;
import dev.athanor.trainer.group.SampleRange;
import dev.athanor.trainer.group.SampleRange.Status;
import dev.athanor.trainer.group.SampleSpace;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** The ledger's rows, in plain SQL; the caller holds the transaction. */
class LedgerRows {

    private final JdbcTemplate jdbc;

    LedgerRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** By first sample. */
    List<SampleRange> of(String runKey) {
        return jdbc.query(
                """
                select generation, epoch, first_index, last_index, first_sample, last_sample, step, status
                from training_range where run_key = ? order by first_sample, id
                """,
                (row, i) -> new SampleRange(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getObject(7, Long.class),
                        Status.valueOf(row.getString(8))),
                runKey);
    }

    /** Makes what counts agree with what the weights have seen; all else is void. */
    void reconcile(String runKey, SampleSpace space, List<ConsumedBatches> consumed) {
        jdbc.update("update training_range set status = 'VOID' where run_key = ? and status = 'OPEN'", runKey);
        long end = 0;
        for (SampleRange range : of(runKey)) {
            boolean kept = range.firstSample() == end
                    && (range.status() == Status.SKIPPED
                            ? skipped(range, space, consumed)
                            : seen(range, space, consumed));
            if (range.status() == Status.VOID) {
                continue;
            }
            if (kept) {
                end = range.lastSample() + 1;
            } else {
                jdbc.update(
                        """
                        update training_range set status = 'VOID' where run_key = ? and generation = ? and first_sample = ?
                        and status = ?
                        """,
                        runKey,
                        range.generation(),
                        range.firstSample(),
                        range.status().name());
            }
        }
        if (!consumed.isEmpty()) {
            insert(runKey, space.after(end / space.batchSize(), consumed));
        }
    }

    private static boolean seen(SampleRange range, SampleSpace space, List<ConsumedBatches> consumed) {
        return consumed.stream()
                .anyMatch(run -> run.generation() == range.generation()
                        && run.first() * space.batchSize() <= range.firstSample()
                        && range.lastSample() < run.end() * space.batchSize());
    }

    private static boolean skipped(SampleRange range, SampleSpace space, List<ConsumedBatches> consumed) {
        return !consumed.isEmpty()
                && range.lastSample() < consumed.getLast().end() * space.batchSize()
                && consumed.stream()
                        .noneMatch(run -> run.first() * space.batchSize() <= range.lastSample()
                                && range.firstSample() < run.end() * space.batchSize());
    }

    void insert(String runKey, List<SampleRange> ranges) {
        jdbc.batchUpdate("""
                insert into training_range (run_key, generation, epoch, first_index, last_index, first_sample, last_sample,
                    step, status) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, ranges, 500, (row, range) -> {
            row.setString(1, runKey);
            row.setLong(2, range.generation());
            row.setLong(3, range.epoch());
            row.setLong(4, range.firstIndex());
            row.setLong(5, range.lastIndex());
            row.setLong(6, range.firstSample());
            row.setLong(7, range.lastSample());
            row.setObject(8, range.step(), java.sql.Types.BIGINT);
            row.setString(9, range.status().name());
        });
    }

    void deleteOpen(String runKey, long generation) {
        jdbc.update(
                "delete from training_range where run_key = ? and generation = ? and status = 'OPEN'",
                runKey,
                generation);
    }
}
