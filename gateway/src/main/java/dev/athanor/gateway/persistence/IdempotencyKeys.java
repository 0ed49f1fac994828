package dev.athanor.gateway.persistence;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Which job a caller's {@code Idempotency-Key} made. */
@Repository
public class IdempotencyKeys {

    public record Use(String requestHash, String jobId) {}

    private final JdbcTemplate jdbc;

    IdempotencyKeys(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the key for the job, or tells its earlier use. A second caller with the same key waits here until the
     * transaction of the first has ended.
     */
    public Optional<Use> claim(String owner, String key, Use use, Instant at) {
        int taken = jdbc.update("""
                insert into idempotency_key (owner, key, request_hash, job_id, created_at) values (?, ?, ?, ?, ?)
                on conflict do nothing
                """, owner, key, use.requestHash(), use.jobId(), Timestamp.from(at));
        return taken == 1
                ? Optional.empty()
                : jdbc
                        .query(
                                "select request_hash, job_id from idempotency_key where owner = ? and key = ?",
                                (row, i) -> new Use(row.getString(1), row.getString(2)),
                                owner,
                                key)
                        .stream()
                        .findFirst();
    }

    public int forget(Instant before) {
        return jdbc.update("delete from idempotency_key where created_at < ?", Timestamp.from(before));
    }
}
