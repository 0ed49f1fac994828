package dev.athanor.gateway.persistence;

import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageRun;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Metric series in plain SQL: many small rows, written by upsert and read in order. */
@Repository
public class MetricPoints {

    /** A series of a stage, with its points in order of step. */
    public record Series(String stage, String name, List<MetricPoint> points) {}

    private static final int MOST_POINTS_READ = 200_000;

    private final JdbcTemplate jdbc;

    MetricPoints(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A point of an older attempt never replaces that of a newer one. */
    public void save(StageRun run, List<MetricPoint> points) {
        jdbc.batchUpdate("""
                insert into job_metric (job_id, stage_id, name, step, attempt, value) values (?, ?, ?, ?, ?, ?)
                on conflict (job_id, stage_id, name, step) do update
                set attempt = excluded.attempt, value = excluded.value, place = excluded.place,
                    recorded_at = excluded.recorded_at
                where excluded.attempt >= job_metric.attempt
                """, points, 1000, (row, point) -> {
            row.setString(1, run.jobId());
            row.setString(2, run.stageId());
            row.setString(3, point.name());
            row.setLong(4, point.step());
            row.setInt(5, run.attempt());
            row.setDouble(6, point.value());
        });
    }

    /** @param after only points of later steps; -1 = all */
    public List<MetricPoint> read(String jobId, String stage, String name, long after) {
        return jdbc.query(
                """
                select step, value from job_metric
                where job_id = ? and stage_id = ? and name = ? and step > ? order by step limit ?
                """,
                (row, i) -> new MetricPoint(name, row.getLong(1), row.getDouble(2)),
                jobId,
                stage,
                name,
                after,
                MOST_POINTS_READ);
    }

    /** Series without points: what there is to read. */
    public List<Series> names(String jobId, @Nullable String stage, @Nullable String name) {
        return jdbc.query(
                """
                select distinct stage_id, name from job_metric
                where job_id = ? and (?::text is null or stage_id = ?) and (?::text is null or name = ?)
                order by stage_id, name
                """,
                (row, i) -> new Series(row.getString(1), row.getString(2), List.of()),
                jobId,
                stage,
                stage,
                name,
                name);
    }
}
